// Medians of seconds per weight.
#include "core/jobs/durations.hpp"

#include <algorithm>

#include "core/graph/job_graph.hpp"

namespace taskonomy::jobs {

namespace {
constexpr double kPatience = 20.0;             // times the expected duration
constexpr double kLeastLimit = 600.0;          // seconds
constexpr double kUnknownLimit = 24 * 3600.0;  // seconds
}  // namespace

void Durations::add(const std::string& id, double weight, double seconds) {
  const double rate = seconds / weight;
  for (const std::string& stage : {graph::stage_of(id), std::string()}) {
    auto& rates = rates_[stage];
    rates.insert(std::upper_bound(rates.begin(), rates.end(), rate), rate);
  }
}

std::optional<double> Durations::expected(const std::string& id, double weight) const {
  auto found = rates_.find(graph::stage_of(id));
  if (found == rates_.end()) found = rates_.find("");
  if (found == rates_.end()) return std::nullopt;
  return weight * found->second[found->second.size() / 2];
}

double Durations::limit(const std::string& id, double weight, double timeout) const {
  if (timeout > 0.0) return timeout;
  const auto usual = expected(id, weight);
  return usual ? std::max(kLeastLimit, kPatience * *usual) : kUnknownLimit;
}

}  // namespace taskonomy::jobs
