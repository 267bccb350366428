#include "core/analysis/agreement.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "core/analysis/rank_correlation.hpp"
#include "core/analysis/resampling.hpp"
#include "core/base/error.hpp"
#include "core/base/text.hpp"

namespace taskonomy::analysis {

namespace {

/// First-order affinities of one target by source, self left out.
std::map<std::string, double> first_order(const affinity::AffinityTable& table, const std::string& target) {
  std::map<std::string, double> result;
  for (const auto& row : table.rows) {
    if (row.target == target && row.sources.size() == 1 && !row.is_self())
      result[row.sources.front()] = row.affinity;
  }
  return result;
}

/// The source with the largest value, the first in name order of equals; "" when there is none.
std::string best_of(const std::vector<std::string>& sources, const std::vector<double>& values) {
  const auto best = std::max_element(values.begin(), values.end());
  return best == values.end() ? "" : sources[static_cast<std::size_t>(best - values.begin())];
}

Agreement agreement_on(const std::string& target, const std::map<std::string, double>& in_a,
                       const std::map<std::string, double>& in_b, double level) {
  Agreement one;
  one.target = target;
  std::vector<double> values_a;
  std::vector<double> values_b;
  for (const auto& [source, value] : in_a) {
    const auto place = in_b.find(source);
    if (place == in_b.end()) continue;
    one.sources.push_back(source);
    values_a.push_back(value);
    values_b.push_back(place->second);
  }
  one.spearman = spearman_interval(spearman(values_a, values_b), one.sources.size(), level);
  one.kendall = kendall_interval(kendall(values_a, values_b), one.sources.size(), level);
  one.best_in_a = best_of(one.sources, values_a);
  one.best_in_b = best_of(one.sources, values_b);
  return one;
}

/// The mean over targets of a known correlation; the interval resamples targets.
Interval mean_over(const std::vector<Agreement>& targets, Interval Agreement::*correlation,
                   const std::string& name, double level, std::uint64_t seed) {
  std::vector<double> values;
  for (const auto& one : targets) {
    if (!std::isnan((one.*correlation).estimate)) values.push_back((one.*correlation).estimate);
  }
  if (values.empty()) return {};
  const auto mean = [](const std::vector<double>& numbers) {
    return std::accumulate(numbers.begin(), numbers.end(), 0.0) / static_cast<double>(numbers.size());
  };
  if (values.size() < 2) return {mean(values)};
  constexpr std::size_t kReplicates = 2000;
  Draws draws(seed, "compare/" + name);
  std::vector<double> replicates;
  for (std::size_t r = 0; r < kReplicates; ++r) {
    std::vector<double> drawn;
    for (std::size_t k = 0; k < values.size(); ++k) drawn.push_back(values[draws.below(values.size())]);
    replicates.push_back(mean(drawn));
  }
  return percentile_interval(mean(values), std::move(replicates), level);
}

}  // namespace

Comparison compare(const affinity::AffinityTable& a, const affinity::AffinityTable& b, double level,
                   std::uint64_t seed) {
  if (!(level > 0.0 && level < 1.0))
    throw base::Error("level: expected a share between 0 and 1, got " + base::number(level));
  for (const auto* table : {&a, &b}) (void)affinity::with_labels(*table, std::nullopt);
  const auto others = b.targets();
  Comparison result;
  double compared = 0.0;
  double same = 0.0;
  for (const auto& target : a.targets()) {
    if (std::find(others.begin(), others.end(), target) == others.end()) continue;
    result.targets.push_back(agreement_on(target, first_order(a, target), first_order(b, target), level));
    const auto& one = result.targets.back();
    if (one.sources.size() < 2) continue;
    compared += 1.0;
    same += one.best_in_a == one.best_in_b ? 1.0 : 0.0;
  }
  result.spearman = mean_over(result.targets, &Agreement::spearman, "spearman", level, seed);
  result.kendall = mean_over(result.targets, &Agreement::kendall, "kendall", level, seed);
  if (compared > 0.0) result.same_best = same / compared;
  return result;
}

}  // namespace taskonomy::analysis
