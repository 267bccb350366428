// Step IV, the answer: the taxonomy, which says which sources to train and from which of them each target is
// transferred. Also what a sweep over budgets tells: which budgets matter, and when each source pays.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/affinity/affinity_table.hpp"
#include "core/taxonomy/problem.hpp"

namespace taskonomy::taxonomy {

enum class Status {
  optimal,    ///< proven
  time_limit  ///< the best that was found in time; a better one may exist, up to `bound`
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

/// Finds the best taxonomy under a budget >= 0. The same table and options give the same answer. Of equal
/// ones it is that without needless sources and with sources early in name order; for given sources a target
/// prefers fewer of them, then name order. Throws Error as make_problem(); with ExitCode::infeasible, naming
/// the smallest budget that works, when this one is too small for the targets or for the forced sources; and
/// when time is over before any taxonomy was found.
[[nodiscard]] Taxonomy solve(const affinity::AffinityTable& table, double budget, const Options& options);

/// Finds the optimum of every budget at which it can change: the sums that costs can add up to (200 of them,
/// evenly picked, when there are more; 100 even steps where labels have a price), from the smallest that
/// serves all targets to the one where each has its best transfer. Each search starts from the answer and the
/// prices of the one before. Budgets that a time limit leaves no time for are missing. Throws Error as solve().
[[nodiscard]] std::vector<Taxonomy> sweep(const affinity::AffinityTable& table, const Options& options);

/// The optimum of a budget in a sweep: that of its largest budget that is no larger, since a sweep ends where more budget
/// gives nothing. Null below the smallest.
[[nodiscard]] const Taxonomy* optimum_at(const std::vector<Taxonomy>& sweep, double budget);

/// One point of the Pareto front: no smaller budget reaches the objective.
struct FrontPoint {
  double budget = 0.0;
  double objective = 0.0;
};
/// The points of a sweep that are better than all before them, in order.
[[nodiscard]] std::vector<FrontPoint> pareto_front(const std::vector<Taxonomy>& sweep);

/// The budgets at which a source is part of the optimum. Optima of larger budgets need not contain those of
/// smaller ones, so a source may come and go more than once.
struct SourceSpans {
  std::string source;
  /// (budget at which it enters, budget at which it leaves); the latter is infinite
  /// where it stays to the end.
  std::vector<std::pair<double, double>> spans;
};
/// The spans of all sources that some taxonomy of the sweep trains, ordered by the budget at which they first
/// enter, then by name.
[[nodiscard]] std::vector<SourceSpans> source_spans(const std::vector<Taxonomy>& sweep);

/// The distinct sums of subsets of the costs, ascending, 0 first; at most `limit`, evenly picked when there
/// are more.
[[nodiscard]] std::vector<double> budgets_of(const std::vector<double>& costs, std::size_t limit = 200);

}  // namespace taskonomy::taxonomy
