#include "core/training/schedule.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>
#include <vector>

namespace taskonomy::training {

namespace {

constexpr double kLowest = 1e-4;          ///< of the rate, at the end of a cosine
constexpr std::int64_t kParts = 20;       ///< a warm-up takes one of these parts of the steps
constexpr std::int64_t kPatience = 4;     ///< measurements without a fall that make a loss flat
constexpr std::size_t kMeasurements = 3;  ///< whose median is a level
constexpr double kLeastFall = 0.01;       ///< share of the loss: a smaller fall is not worth the steps

/// From `from` at progress 0 to `to` at progress 1 along half a cosine.
double anneal(double from, double to, double progress) {
  return to + (from - to) * 0.5 * (1.0 + std::cos(std::numbers::pi * progress));
}

std::int64_t part_of(std::int64_t steps) { return std::max<std::int64_t>(1, steps / kParts); }

/// Mean of the differences of two levels [n], and its standard error.
std::pair<double, double> mean_difference(const torch::Tensor& from, const torch::Tensor& to) {
  const torch::Tensor difference = from - to;
  const auto images = static_cast<double>(difference.numel());
  const double deviation = difference.numel() > 1 ? difference.std().item<double>() : 0.0;
  return {difference.mean().item<double>(), deviation / std::sqrt(images)};
}

}  // namespace

double learning_rate(const recipe::Training& options, std::int64_t step) {
  const double peak = options.learning_rate;
  const double last = static_cast<double>(options.steps - 1);
  if (options.schedule == "constant" || last < 1.0) return peak;
  const double progress = static_cast<double>(step) / last;
  if (options.schedule == "step") return progress < options.step_at ? peak : 0.1 * peak;
  if (options.schedule == "cosine") {
    const std::int64_t warm = part_of(options.steps);
    if (step < warm) return peak * static_cast<double>(step + 1) / static_cast<double>(warm);
    return anneal(peak, peak * kLowest,
                  static_cast<double>(step - warm) / static_cast<double>(options.steps - warm));
  }
  constexpr double kWarm = 0.3;
  return progress < kWarm ? anneal(peak / 25.0, peak, progress / kWarm)
                          : anneal(peak, peak * kLowest, (progress - kWarm) / (1.0 - kWarm));
}

void Plateau::observe(const torch::Tensor& losses) {
  recent_.push_back(losses);
  if (recent_.size() > kMeasurements) recent_.pop_front();
  if (recent_.size() < kMeasurements) return;
  const std::vector<torch::Tensor> last(recent_.begin(), recent_.end());
  const torch::Tensor level = std::get<0>(torch::stack(last).median(0));
  if (!lowest_.defined()) {
    lowest_ = level;
    return;
  }
  const auto [fall, error] = mean_difference(lowest_, level);
  // The level stays until it is clearly undercut, so that small falls add up.
  const bool fell = fall > std::max(error, kLeastFall * std::abs(lowest_.mean().item<double>()));
  if (fell) lowest_ = level;
  since_fall_ = fell ? 0 : since_fall_ + 1;
}

Pace::Pace(const recipe::Training& options)
    : options_(options), steps_(options.steps), last_stable_(options.steps - options.steps / 4) {}

double Pace::rate(std::int64_t step) const {
  if (!is_adaptive()) return learning_rate(options_, step - 1);
  const double peak = options_.learning_rate;
  const std::int64_t warm = part_of(options_.steps);
  if (step <= warm) return peak * static_cast<double>(step) / static_cast<double>(warm);
  if (step <= last_stable_) return peak;
  // One more step would have the rate 0.
  return peak * (1.0 - std::sqrt(static_cast<double>(step - last_stable_) /
                                 static_cast<double>(steps_ - last_stable_ + 1)));
}

bool Pace::validates_at(std::int64_t step) const {
  if (step == steps_) return true;
  if (is_adaptive()) return step % part_of(options_.steps) == 0;
  const std::int64_t period = std::max<std::int64_t>(1, steps_ / 10);
  return step > steps_ / 2 && (steps_ - step) % period == 0;
}

void Pace::observe(std::int64_t step, const torch::Tensor& losses) {
  if (!is_adaptive() || step >= last_stable_) return;
  plateau_.observe(losses);
  if (!plateau_.is_flat(kPatience)) return;
  last_stable_ = step;
  steps_ = step + std::max<std::int64_t>(1, step / 3);  // a quarter of the whole
}

}  // namespace taskonomy::training
