// Medians of seconds per weight.
#include "core/jobs/durations.hpp"

#include <algorithm>

#include "core/jobs/job_graph.hpp"

namespace taskonomy::jobs {

namespace {
constexpr double kPatience = 20.0;             // times the expected duration
constexpr double kLeastLimit = 600.0;          // seconds
constexpr double kUnknownLimit = 24 * 3600.0;  // seconds
}  // namespace

void Durations::add(const std::string& id, double weight, double seconds) {
  auto& rates = rates_[jobs::stage_of(id)];
  const double rate = seconds / weight;
  rates.insert(std::upper_bound(rates.begin(), rates.end(), rate), rate);
  weight_ += weight;
  seconds_ += seconds;
}

std::optional<double> Durations::expected(const std::string& id, double weight) const {
  const auto stage = rates_.find(jobs::stage_of(id));
  if (stage != rates_.end()) return weight * stage->second[stage->second.size() / 2];
  if (weight_ > 0.0) return weight * seconds_ / weight_;
  return std::nullopt;
}

double Durations::limit(const std::string& id, double weight, double timeout) const {
  if (timeout > 0.0) return timeout;
  const auto usual = expected(id, weight);
  return usual ? std::max(kLeastLimit, kPatience * *usual) : kUnknownLimit;
}

}  // namespace taskonomy::jobs
