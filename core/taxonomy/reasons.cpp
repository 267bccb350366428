#include "core/taxonomy/reasons.hpp"

#include <algorithm>
#include <cmath>

#include "core/base/error.hpp"
#include "core/base/text.hpp"

namespace taskonomy::taxonomy {

namespace {

std::size_t index_of_target(const Problem& problem, const std::string& target) {
  const auto place = std::find(problem.targets.begin(), problem.targets.end(), target);
  if (place != problem.targets.end()) return static_cast<std::size_t>(place - problem.targets.begin());
  throw base::Error("why: \"" + target + "\" is no target of the taxonomy" +
                    base::did_you_mean(target, problem.targets));
}

/// The best objective of a part within a budget; NaN when nothing fits.
double objective_within(Solver& solver, const Problem& part, double budget) {
  const auto found = solver.search(part, budget);
  return found.best ? found.best->objective : affinity::kUnknown;
}

/// The first of the ascending budgets at which the part is as good as `objective`; NaN when none is. The
/// objective never falls with the budget, so halving finds it.
double first_as_good(Solver& solver, const Problem& part, const std::vector<double>& budgets,
                     double objective) {
  const auto good = [&](double budget) {
    return as_good(objective_within(solver, part, budget), objective);  // NaN is not
  };
  if (budgets.empty() || !good(budgets.back())) return affinity::kUnknown;
  return *std::partition_point(budgets.begin(), budgets.end(), [&](double budget) { return !good(budget); });
}

Alternative alternative_of(Solver& solver, std::size_t target, const Edge& edge, const Taxonomy& optimum,
                           const std::vector<double>& larger) {
  Alternative result{solver.table().rows[edge.row], edge.value, affinity::kUnknown, affinity::kUnknown};
  const auto part = with_edge(solver.problem(), target, edge);
  if (!part) return result;
  const double objective = objective_within(solver, *part, optimum.budget);
  result.loss = std::max(0.0, optimum.objective - objective);
  if (std::isnan(objective)) result.loss = affinity::kUnknown;
  result.budget_needed = as_good(objective, optimum.objective)
                             ? optimum.budget
                             : first_as_good(solver, *part, larger, optimum.objective);
  return result;
}

std::size_t rows_to(const affinity::AffinityTable& table, const Options& options, const std::string& target) {
  return static_cast<std::size_t>(std::count_if(
      table.rows.begin(), table.rows.end(),
      [&](const affinity::AffinityRow& row) { return row.target == target && admitted(row, options); }));
}

}  // namespace

Reasons reasons_for(Solver& solver, const std::string& target, double budget, std::size_t count) {
  const Problem& problem = solver.problem();
  const std::size_t t = index_of_target(problem, target);
  Reasons reasons;
  reasons.optimum = solver.at(budget);
  reasons.chosen = reasons.optimum.transfers[t];
  reasons.needless = rows_to(solver.table(), solver.options(), target) - problem.edges[t].size();
  std::vector<double> larger;
  for (const double other : solver.budgets()) {
    if (!within(other, budget)) larger.push_back(other);
  }
  for (const auto& edge : problem.edges[t]) {
    if (reasons.alternatives.size() == count) break;
    const auto& row = solver.table().rows[edge.row];
    const bool same_labels = row.labels == reasons.chosen.labels || std::isnan(row.labels);
    if (row.sources == reasons.chosen.sources && same_labels) continue;
    reasons.alternatives.push_back(alternative_of(solver, t, edge, reasons.optimum, larger));
  }
  return reasons;
}

RestrictionCosts restriction_costs(const affinity::AffinityTable& table, const Options& options,
                                   const Taxonomy& restricted) {
  Options free = options;
  free.force.clear();
  free.forbid.clear();
  RestrictionCosts costs;
  costs.free_objective = solve(table, restricted.budget, free).objective;
  costs.loss = std::max(0.0, costs.free_objective - restricted.objective);
  const auto add = [&](const std::string& name, bool forced) {
    Options one = free;
    (forced ? one.force : one.forbid).push_back(name);
    const double objective = solve(table, restricted.budget, one).objective;
    costs.single.push_back({name, forced, std::max(0.0, costs.free_objective - objective)});
  };
  for (const auto& name : options.force) add(name, true);
  for (const auto& name : options.forbid) add(name, false);
  return costs;
}

double marginal_value(Solver& solver, const Taxonomy& taxonomy) {
  return std::max(0.0, solver.at(taxonomy.budget + 1.0).objective - taxonomy.objective);
}

}  // namespace taskonomy::taxonomy
