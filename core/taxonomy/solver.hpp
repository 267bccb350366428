// Answers many questions about one table with one set of options. What one answer
// taught is the start of the next.
#pragma once

#include <optional>

#include "core/taxonomy/restriction.hpp"
#include "core/taxonomy/search.hpp"
#include "core/taxonomy/taxonomy.hpp"

namespace taskonomy::taxonomy {

/// Answers for many budgets and restrictions of one problem. The table must outlive it.
class Solver {
 public:
  /// Throws Error as make_problem().
  Solver(const affinity::AffinityTable& table, const Options& options);

  // The time limit of the options is that of all answers together, from the solver's making on. `share` (0..1] is
  // what one of them may take of the time that is left, where it is limited.

  /// Finds the best taxonomy within a budget. Throws Error as solve().
  [[nodiscard]] Taxonomy at(double budget, double share = 1.0);
  /// The same; nothing where time was over before any taxonomy was found.
  [[nodiscard]] std::optional<Taxonomy> find(double budget, double share);
  /// Finds the optimum of `part`, a restriction of problem(), within the budget. The indices of the result
  /// count the edges of `part`.
  [[nodiscard]] Found search(const Problem& part, double budget, double share);
  /// Whether time is over.
  [[nodiscard]] bool late() const { return deadline_.over(); }
  /// The taxonomy that a choice of `part` stands for; its status and bound are those of `found`.
  [[nodiscard]] Taxonomy describe(const Problem& part, double budget, const Found& found) const;
  /// Throws the Error that says that the budget is too small, with the smallest that works.
  [[noreturn]] void refuse(const Problem& part, double budget) const;

  /// The smallest budget that serves every target; where the time limit comes first, one that serves them.
  [[nodiscard]] double smallest_budget();
  /// Budgets from `least` on at which the optimum can change, `least` among them; about 200 at most.
  [[nodiscard]] std::vector<double> budgets_from(double least) const;
  /// The objective without a budget: each target takes its best edge.
  [[nodiscard]] double ceiling() const;

  [[nodiscard]] const Problem& problem() const { return problem_; }
  [[nodiscard]] const Options& options() const { return options_; }
  [[nodiscard]] const affinity::AffinityTable& table() const { return table_; }

 private:
  const affinity::AffinityTable& table_;
  Options options_;
  Deadline deadline_;
  Problem problem_;
  Prices prices_;                   ///< of the last search
  std::optional<Assignment> last_;  ///< known to serve all targets: tried first
};

/// Whether objective a is at least b, up to rounding.
[[nodiscard]] bool as_good(double a, double b);

}  // namespace taskonomy::taxonomy
