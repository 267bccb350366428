#include "core/taxonomy/taxonomy.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "core/taxonomy/solver.hpp"

namespace taskonomy::taxonomy {

namespace {

/// Sorted, without values that differ only by rounding.
void tidy(std::vector<double>& sums) {
  std::sort(sums.begin(), sums.end());
  const auto close = [](double a, double b) { return within(std::max(a, b), std::min(a, b)); };
  sums.erase(std::unique(sums.begin(), sums.end(), close), sums.end());
}

/// `limit` values, evenly spaced from 0 to `total`.
std::vector<double> grid(double total, std::size_t limit) {
  std::vector<double> values;
  for (std::size_t i = 0; i < limit; ++i) {
    values.push_back(total * static_cast<double>(i) / static_cast<double>(limit - 1));
  }
  return values;
}

}  // namespace

std::string name_of(Status status) { return status == Status::optimal ? "optimal" : "time_limit"; }

double Taxonomy::gap() const {
  if (bound <= objective) return 0.0;
  return (bound - objective) / std::max(std::abs(objective), 1e-300);
}

Taxonomy solve(const affinity::AffinityTable& table, double budget, const Options& options) {
  return Solver(table, options).at(budget);
}

std::vector<Taxonomy> sweep(const affinity::AffinityTable& table, const Options& options) {
  Solver solver(table, options);
  const double ceiling = solver.ceiling();
  std::vector<Taxonomy> results;
  const auto budgets = solver.budgets_from(solver.smallest_budget());
  for (std::size_t k = 0; k < budgets.size(); ++k) {
    const std::size_t left = budgets.size() - k;
    if (solver.late() && !results.empty()) break;
    if (left == 1 && results.empty()) {  // says what is wrong when there is none
      results.push_back(solver.at(budgets[k]));
    } else if (auto taxonomy = solver.find(budgets[k], 1.0 / static_cast<double>(left))) {
      results.push_back(*std::move(taxonomy));
    } else {
      continue;
    }
    if (as_good(results.back().objective, ceiling)) break;
  }
  return results;
}

const Taxonomy* optimum_at(const std::vector<Taxonomy>& sweep, double budget) {
  const Taxonomy* found = nullptr;
  for (const auto& taxonomy : sweep) {
    if (within(taxonomy.budget, budget)) found = &taxonomy;
  }
  return found;
}

std::vector<FrontPoint> pareto_front(const std::vector<Taxonomy>& sweep) {
  std::vector<FrontPoint> front;
  for (const auto& taxonomy : sweep) {
    if (!front.empty() && as_good(front.back().objective, taxonomy.objective)) continue;
    front.push_back({taxonomy.budget, taxonomy.objective});
  }
  return front;
}

std::vector<SourceSpans> source_spans(const std::vector<Taxonomy>& sweep) {
  constexpr double kStays = std::numeric_limits<double>::infinity();
  std::map<std::string, std::vector<std::pair<double, double>>> spans_of;
  for (const auto& taxonomy : sweep) {
    for (auto& [source, spans] : spans_of) {
      const bool trained = std::binary_search(taxonomy.sources.begin(), taxonomy.sources.end(), source);
      if (!trained && spans.back().second == kStays) spans.back().second = taxonomy.budget;
    }
    for (const auto& source : taxonomy.sources) {
      auto& spans = spans_of[source];
      if (spans.empty() || spans.back().second != kStays) spans.emplace_back(taxonomy.budget, kStays);
    }
  }
  std::vector<SourceSpans> result;
  for (auto& [source, spans] : spans_of) result.push_back({source, std::move(spans)});
  std::stable_sort(result.begin(), result.end(), [](const SourceSpans& a, const SourceSpans& b) {
    return a.spans.front().first < b.spans.front().first;
  });
  return result;
}

std::vector<double> budgets_of(const std::vector<double>& costs, std::size_t limit) {
  // Beyond this many sums the steps between them are too fine to matter, and a grid takes their place.
  constexpr std::size_t kMost = 100000;
  std::map<double, std::size_t> count_of;
  double total = 0.0;
  for (const double cost : costs) {
    total += cost;
    if (cost > 0.0) ++count_of[cost];
  }
  std::vector<double> sums{0.0};
  for (const auto& [cost, count] : count_of) {
    // Splits n equal costs into bundles of 1, 2, 4, ... and a rest: every number up to n is a sum of bundles.
    std::size_t rest = count;
    for (std::size_t bundle = 1; rest > 0; bundle *= 2) {
      const std::size_t taken = std::min(bundle, rest);
      rest -= taken;
      const std::size_t before = sums.size();
      for (std::size_t i = 0; i < before; ++i) sums.push_back(sums[i] + static_cast<double>(taken) * cost);
      tidy(sums);
      if (sums.size() > kMost) return grid(total, limit);
    }
  }
  if (sums.size() <= limit) return sums;
  std::vector<double> picked;
  for (std::size_t i = 0; i < limit; ++i) picked.push_back(sums[i * (sums.size() - 1) / (limit - 1)]);
  return picked;
}

}  // namespace taskonomy::taxonomy
