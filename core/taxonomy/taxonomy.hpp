// Step IV, what is answered: the taxonomy. Which sources to train, and from which of them each target is
// transferred.
#pragma once

#include <string>
#include <vector>

#include "core/affinity/affinity_table.hpp"
#include "core/taxonomy/problem.hpp"

namespace taskonomy::taxonomy {

enum class Status {
  optimal,    ///< proven
  time_limit  ///< the best that was found in time; a better one may exist
};
[[nodiscard]] std::string name_of(Status status);

/// One taxonomy.
struct Taxonomy {
  double budget = 0.0;
  double cost = 0.0;          ///< of the sources and of target labels; <= budget
  std::size_t max_order = 0;  ///< of the choice: as asked, or the table's
  Transform transform = Transform::raw;
  Objective goal = Objective::affinity;  ///< what is added up
  double objective = 0.0;                ///< sum over targets of importance * f(affinity), gain or quality
  Status status = Status::optimal;
  double bound = 0.0;       ///< no taxonomy within the budget has a higher objective; `objective` when proven
  double label_cost = 0.0;  ///< part of `cost` that buys target labels
  std::vector<std::string> sources;  ///< trained from full supervision and used, or forced; in name order
  std::vector<affinity::AffinityRow> transfers;  ///< one per target, in the table's order
  double seconds = 0.0;                          ///< spent on it

  /// How much better, relative to `objective`, an undiscovered taxonomy could at most be; 0 when proven.
  [[nodiscard]] double gap() const;
};

/// The best taxonomy under a budget >= 0. Ties: a source that can be left out, or exchanged for one earlier
/// in name order, at no loss is; for given sources a target prefers fewer of them, then name order. Same
/// table and options, same answer. Throws Error as make_problem(); with ExitCode::infeasible, naming the
/// smallest budget that works, when this one is too small (the forced sources', when it is they that cost too
/// much); and when the time is over before any taxonomy was found.
[[nodiscard]] Taxonomy solve(const affinity::AffinityTable& table, double budget, const Options& options);

/// The optimum of every budget at which it can change: the sums that costs can add up to (200 of them, evenly
/// picked, when there are more; 100 even steps where labels have a price), from the smallest that serves all
/// targets to the one where each has its best transfer. Each starts from the answer and the prices of the one
/// before. Throws as solve().
[[nodiscard]] std::vector<Taxonomy> sweep(const affinity::AffinityTable& table, const Options& options);

/// The distinct sums of subsets of the costs, ascending, 0 first; at most `limit`, evenly picked when there
/// are more.
[[nodiscard]] std::vector<double> budgets_of(const std::vector<double>& costs, std::size_t limit = 200);

}  // namespace taskonomy::taxonomy
