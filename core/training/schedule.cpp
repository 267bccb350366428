#include "core/training/schedule.hpp"

#include <cmath>
#include <numbers>

namespace taskonomy::training {

namespace {

/// From `from` at 0 to `to` at 1 along half a cosine.
double anneal(double from, double to, double progress) {
  return to + (from - to) * 0.5 * (1.0 + std::cos(std::numbers::pi * progress));
}

}  // namespace

double learning_rate(const recipe::Training& training, std::int64_t step) {
  const double peak = training.learning_rate;
  const double last = static_cast<double>(training.steps - 1);
  if (training.schedule == "constant" || last < 1.0) return peak;
  const double progress = static_cast<double>(step) / last;
  if (training.schedule == "step") return progress < 0.8 ? peak : 0.1 * peak;
  constexpr double kWarm = 0.3;
  return progress < kWarm ? anneal(peak / 25.0, peak, progress / kWarm)
                          : anneal(peak, peak / 1e4, (progress - kWarm) / (1.0 - kWarm));
}

}  // namespace taskonomy::training
