#include "core/analysis/agreement.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <stdexcept>

#include "core/analysis/resampling.hpp"
#include "core/base/csv.hpp"
#include "core/base/error.hpp"
#include "core/base/text.hpp"

namespace taskonomy::analysis {

namespace {

/// Ranks from 1; tied values share the mean of their ranks.
std::vector<double> ranks(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t i, std::size_t j) { return values[i] < values[j]; });
  std::vector<double> result(values.size());
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin + 1;
    while (end < order.size() && values[order[end]] == values[order[begin]]) ++end;
    const double rank = 0.5 * static_cast<double>(begin + 1 + end);
    for (std::size_t k = begin; k < end; ++k) result[order[k]] = rank;
    begin = end;
  }
  return result;
}

void check(const std::vector<double>& a, const std::vector<double>& b, const char* name) {
  if (a.size() != b.size()) throw std::logic_error(std::string(name) + ": lists of different lengths");
}

int sign(double value) { return value > 0.0 ? 1 : value < 0.0 ? -1 : 0; }

/// The interval around r with the given standard error; `next`: what |r| = 1 counts as, for lack of an atanh.
Interval fisher(double r, double next, double error, double level) {
  const double z = normal_quantile(0.5 * (1.0 + level)) * error;
  const double centre = std::atanh(std::clamp(r, -next, next));
  return {r, r <= -next ? r : std::tanh(centre - z), r >= next ? r : std::tanh(centre + z)};
}

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

double spearman(const std::vector<double>& a, const std::vector<double>& b) {
  check(a, b, "spearman()");
  if (a.size() < 2) return affinity::kUnknown;
  const auto x = ranks(a);
  const auto y = ranks(b);
  const double mean = 0.5 * static_cast<double>(a.size() + 1);  // of any ranks
  double xy = 0.0;
  double xx = 0.0;
  double yy = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xy += (x[i] - mean) * (y[i] - mean);
    xx += (x[i] - mean) * (x[i] - mean);
    yy += (y[i] - mean) * (y[i] - mean);
  }
  return xx == 0.0 || yy == 0.0 ? affinity::kUnknown : xy / std::sqrt(xx * yy);
}

double kendall(const std::vector<double>& a, const std::vector<double>& b) {
  check(a, b, "kendall()");
  double agree = 0.0;
  double untied_a = 0.0;
  double untied_b = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t j = i + 1; j < a.size(); ++j) {
      const int in_a = sign(a[i] - a[j]);
      const int in_b = sign(b[i] - b[j]);
      agree += in_a * in_b;
      untied_a += in_a != 0 ? 1.0 : 0.0;
      untied_b += in_b != 0 ? 1.0 : 0.0;
    }
  }
  return untied_a == 0.0 || untied_b == 0.0 ? affinity::kUnknown : agree / std::sqrt(untied_a * untied_b);
}

Interval spearman_interval(double r, std::size_t n, double level) {
  if (n < 4 || std::isnan(r)) return {r};
  const auto items = static_cast<double>(n);
  return fisher(r, 1.0 - 12.0 / (items * (items * items - 1.0)),
                std::sqrt((1.0 + 0.5 * r * r) / (items - 3.0)), level);
}

Interval kendall_interval(double r, std::size_t n, double level) {
  if (n < 5 || std::isnan(r)) return {r};
  const auto items = static_cast<double>(n);
  return fisher(r, 1.0 - 4.0 / (items * (items - 1.0)), std::sqrt(0.437 / (items - 4.0)), level);
}

TaskNames read_task_names(const std::filesystem::path& path) {
  TaskNames names;
  for (const auto& row : base::read_csv(path, {"published", "ours"})) {
    if (row.text(0).empty()) row.refuse(0, "a task's name");
    if (row.text(1).empty()) row.refuse(1, "a task's name");
    if (!names.emplace(row.text(0), row.text(1)).second) row.refuse(0, "each name once");
  }
  return names;
}

affinity::AffinityTable with_our_names(affinity::AffinityTable table, const TaskNames& names) {
  const auto rename = [&](std::string& task) {
    if (const auto found = names.find(task); found != names.end()) task = found->second;
  };
  for (auto& row : table.rows) {
    rename(row.target);
    for (auto& source : row.sources) rename(source);
  }
  return table;
}

Comparison compare(const affinity::AffinityTable& a, const affinity::AffinityTable& b, double level,
                   std::uint64_t seed) {
  if (!(level > 0.0 && level < 1.0))
    throw base::Error("level: expected a share between 0 and 1, got " + base::number(level));
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
