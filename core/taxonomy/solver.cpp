#include "core/taxonomy/solver.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "core/base/error.hpp"
#include "core/base/text.hpp"
#include "core/taxonomy/exchange.hpp"

namespace taskonomy::taxonomy {

bool as_good(double a, double b) { return a >= b - 1e-12 * std::max(1.0, std::abs(b)); }

Solver::Solver(const affinity::AffinityTable& table, const Options& options)
    : table_(table),
      options_(options),
      deadline_(options.time_limit),
      problem_(make_problem(table, options)) {}

Found Solver::search(const Problem& part, double budget, double share) {
  if (!within(part.committed, budget)) return {};
  return Search(part, budget, deadline_.share(share)).run(prices_);
}

std::optional<Taxonomy> Solver::find(double budget, double share) {
  const auto begin = std::chrono::steady_clock::now();
  const Deadline deadline = deadline_.share(share);
  Found found;
  if (within(problem_.committed, budget)) {
    Search search(problem_, budget, deadline);
    if (last_) search.offer(*last_);
    found = search.run(prices_);
  }
  if (!found.best && !found.complete) return std::nullopt;
  if (!found.best) refuse(problem_, budget);
  if (!problem_.priced_labels) {
    SourceSet sources = sources_of(problem_, *found.best);
    for (const auto source : problem_.forced) sources[source] = 1;
    found.best = assign(problem_, break_ties(problem_, budget, sources, deadline));
  }
  last_ = found.best;
  Taxonomy result = describe(problem_, budget, found);
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return result;
}

Taxonomy Solver::at(double budget, double share) {
  if (auto taxonomy = find(budget, share)) return *std::move(taxonomy);
  throw base::Error("no taxonomy was found within " + base::number(options_.time_limit) +
                    " s; give more time, or fewer sources or orders");
}

Taxonomy Solver::describe(const Problem& part, double budget, const Found& found) const {
  const Assignment& choice = *found.best;
  if (!within(cost_of(part, choice), budget)) throw std::logic_error("a taxonomy costs more than its budget");
  Taxonomy result;
  result.budget = budget;
  result.max_order = options_.max_order > 0 ? options_.max_order : table_.max_order();
  result.transform = options_.transform;
  result.goal = options_.objective;
  result.objective = choice.objective;
  result.cost = cost_of(part, choice);
  result.status = found.complete ? Status::optimal : Status::time_limit;
  result.bound = found.complete ? result.objective : std::max(found.bound, result.objective);
  SourceSet sources = sources_of(part, choice);
  for (const auto source : problem_.forced) sources[source] = 1;
  for (std::size_t s = 0; s < sources.size(); ++s) {
    if (sources[s]) result.sources.push_back(part.sources[s]);
  }
  for (std::size_t t = 0; t < part.targets.size(); ++t) {
    const Edge& edge = part.edges[t][choice.edge[t]];
    result.transfers.push_back(table_.rows[edge.row]);
    result.label_cost += edge.cost;
  }
  return result;
}

void Solver::refuse(const Problem& part, double budget) const {
  const auto least = cheapest(part, Deadline());
  const std::string need = base::number(cost_of(part, *least));
  if (!within(part.committed, budget)) {
    throw base::Error("the forced sources (" + base::join(options_.force, ", ") + ") cost " +
                          base::number(part.committed) + ", more than the budget of " + base::number(budget) +
                          "; the smallest that works is " + need,
                      base::ExitCode::infeasible);
  }
  throw base::Error("no taxonomy serves all " + std::to_string(part.targets.size()) +
                        " targets within a budget of " + base::number(budget) +
                        "; the smallest that works is " + need,
                    base::ExitCode::infeasible);
}

double Solver::smallest_budget() {
  constexpr double kShare = 0.25;  // of the time; the budgets themselves need the rest
  if ((last_ = cheapest(problem_, deadline_.share(kShare)))) return cost_of(problem_, *last_);
  const double total = problem_.total_cost();
  last_ = choose_edges(problem_, total, serve_all(problem_, deadline_.share(kShare)));
  return last_ ? cost_of(problem_, *last_) : total;
}

std::vector<double> Solver::budgets_from(double least) const {
  std::vector<double> sums;
  if (problem_.priced_labels) {  // label sizes add up to too many sums: even steps
    constexpr int kSteps = 100;
    const double total = problem_.total_cost();
    for (int i = 0; i <= kSteps; ++i) sums.push_back(least + (total - least) * i / kSteps);
  } else {
    sums = budgets_of(problem_.cost);
    for (auto& sum : sums) sum += problem_.committed;
  }
  std::vector<double> budgets;
  for (const double sum : sums) {
    if (within(least, sum)) budgets.push_back(sum);
  }
  if (budgets.empty() || !within(budgets.front(), least)) budgets.insert(budgets.begin(), least);
  return budgets;
}

double Solver::ceiling() const {
  double value = 0.0;
  for (std::size_t t = 0; t < problem_.targets.size(); ++t) {
    value += problem_.importance[t] * problem_.edges[t].front().value;
  }
  return value;
}

}  // namespace taskonomy::taxonomy
