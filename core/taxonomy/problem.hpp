// Step IV, the question: which sources to train from full supervision so that all targets are served best.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/affinity/affinity_table.hpp"

namespace taskonomy::taxonomy {

/// In place of an index: no edge, source or target.
inline constexpr std::size_t kNone = static_cast<std::size_t>(-1);

/// f in the objective sum of importance * f(affinity): the paper's identity, or the square root of the
/// authors' later solver, which favours serving all targets over serving some very well.
enum class Transform { raw, sqrt };
[[nodiscard]] std::string name_of(Transform transform);

/// What is added up over the targets: affinities (step III), or the win rate against a network trained from
/// scratch (gain) or from full supervision (quality).
enum class Objective { affinity, gain, quality };
[[nodiscard]] std::string name_of(Objective objective);

/// What a person may ask for beside the budget.
struct Options {
  std::size_t max_order = 0;                 ///< largest number of sources of one transfer; 0 = all
  Transform transform = Transform::raw;      ///< of the affinities in the objective
  std::map<std::string, double> importance;  ///< per target, >= 0, default 1
  std::map<std::string, double> cost;        ///< label cost per source, >= 0, default 1
  std::vector<std::string> exclude;          ///< neither source nor target
  std::vector<std::string> source_only;      ///< need no solution themselves
  std::vector<std::string> target_only;      ///< have no labels to train a source from: no self, no source
  double time_limit = 0.0;                   ///< seconds for the whole answer; 0 = until proven
  Objective objective = Objective::affinity;
  std::vector<std::string> force;   ///< sources that are trained and paid for whatever they serve
  std::vector<std::string> forbid;  ///< tasks that are not to be sources; still targets
  double label_price = 0.0;         ///< of one labelled image of a target, >= 0, in the unit of the budget

  /// Throws Error naming option, name and constraint: a name the table does not have (with the nearest it
  /// has), a number below 0 or not finite, a task that is both source-only and target-only, a forced source
  /// that is forbidden, excluded, target-only or never a source, roots of anything but affinities.
  void validate(const affinity::AffinityTable& table) const;
};

/// The objective of some transfers, one for each target: sum of importance * f(affinity), gain or quality. Throws
/// Error for a transfer without the value that is asked for.
[[nodiscard]] double objective_of(const std::vector<affinity::AffinityRow>& transfers,
                                  const Options& options);

/// Whether the options leave a row of the table to choose from.
[[nodiscard]] bool is_admitted(const affinity::AffinityRow& row, const Options& options);

/// One transfer that may be chosen.
struct Edge {
  std::size_t row = 0;               ///< in the affinity table
  std::vector<std::size_t> sources;  ///< ascending indices into Problem::sources
  double value = 0.0;                ///< f(affinity), gain or quality, without importance
  double cost = 0.0;                 ///< of the target's labels it was trained with; self: 0, its source pays
};

/// The table as the integer program sees it. Tasks that are the target of no row need no solution.
struct Problem {
  std::vector<std::string> targets;      ///< in the table's order
  std::vector<double> importance;        ///< per target
  std::vector<std::vector<Edge>> edges;  ///< per target; best first, ties: fewer sources, then name order
  std::vector<std::string> sources;      ///< in name order
  std::vector<double> cost;              ///< per source; 0 for a forced one, whose cost is in `committed`
  std::vector<std::size_t> forced;       ///< sources that are trained whatever they serve
  double committed = 0.0;                ///< cost of the forced sources, which every taxonomy pays
  bool priced_labels = false;            ///< some edge costs labels: targets compete for the budget
  /// Cost of all sources and of each target's dearest edge: a budget that restricts nothing.
  [[nodiscard]] double total_cost() const;
};

/// Filters and sorts the table, and drops dominated transfers (same target, a superset of the sources, no
/// better value, no fewer labels), which no optimum needs. Throws Error as Options::validate(), for a
/// transfer without the value or the number of labels that is asked for, and one with ExitCode::infeasible
/// naming the target for which no transfer is left whatever the budget.
[[nodiscard]] Problem make_problem(const affinity::AffinityTable& table, const Options& options);

/// Drops the edges that a better one makes needless: one whose paid sources are all among theirs and whose
/// labels cost no more. Best first.
[[nodiscard]] std::vector<Edge> drop_dominated(std::vector<Edge> edges, const std::vector<double>& cost);

/// Whether each source is trained: y of the program.
using SourceSet = std::vector<char>;

/// One edge for each target: x of the program.
struct Assignment {
  std::vector<std::size_t> edge;  ///< per target, index into Problem::edges[target]
  double objective = 0.0;         ///< sum of importance * value
};
/// Gives each target its best edge whose sources are all there. That is an optimum for these sources where
/// labels have no price, since targets do not compete for sources. Nothing when some target has no such edge.
[[nodiscard]] std::optional<Assignment> assign(const Problem& problem, const SourceSet& sources);

/// The sources that the edges of an assignment need.
[[nodiscard]] SourceSet sources_of(const Problem& problem, const Assignment& assignment);
/// Cost of the sources that an assignment needs, its labels, and what is committed.
[[nodiscard]] double cost_of(const Problem& problem, const Assignment& assignment);
/// Cost of a set of sources and of what is committed.
[[nodiscard]] double cost_of(const Problem& problem, const SourceSet& sources);
/// Whether `cost` keeps to `budget`, up to rounding: 0.1 + 0.2 is within 0.3.
[[nodiscard]] bool within(double cost, double budget);

}  // namespace taskonomy::taxonomy
