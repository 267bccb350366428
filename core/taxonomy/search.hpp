// Step IV solved: a Lagrangean branch and bound over the sources, and lp_solve's integer program for the
// small rests.
#pragma once

#include <optional>

#include "core/taxonomy/deadline.hpp"
#include "core/taxonomy/problem.hpp"
#include "core/taxonomy/relaxation.hpp"

namespace taskonomy::taxonomy {

/// The result of a search.
struct Found {
  std::optional<Assignment> best;  ///< nothing: none fits the budget, or none was found in time
  bool complete = true;            ///< whether `best` is proven; false when time ran out
  double bound = 0.0;              ///< no taxonomy within the budget is better; best->objective when complete
};

/// Branch and bound over the sources, depth first. At each node the relaxation bounds what is left.
/// The bound and the best taxonomy known so far (the incumbent) take edges and sources away. A rest
/// that is small enough goes to the integer program; a larger one is split at the source on which
/// the relaxation is most undecided.
///
/// What it proves: a part of the choice is given up only when its bound is no better than the incumbent, up
/// to a relative 1e-12 for rounding, and a small rest only when lp_solve has settled it. So `best` is an
/// optimum up to that rounding and to what program.hpp says of lp_solve.
class Search {
 public:
  /// The problem must outlive the search.
  Search(const Problem& problem, double budget, const Deadline& deadline);
  /// Takes a taxonomy known from elsewhere as the incumbent if it is better; ignored
  /// when it does not fit the budget.
  void offer(const Assignment& assignment);
  /// Tries the best taxonomy that these sources allow; ignored when none fits.
  void offer(const SourceSet& sources);
  /// Searches. `prices` are where the relaxation of the whole problem starts, and on return where it ended.
  [[nodiscard]] Found run(Prices& prices);

 private:
  [[nodiscard]] double cutoff() const;
  void explore(Problem node, Prices prices, int steps, Prices* root_prices);
  void solve_program(const Problem& node, double bound);
  void branch(const Problem& node, const Bound& bound);
  [[nodiscard]] Bound tighten_bound(Relaxation& relaxation, const Problem& node, const Prices& prices,
                                    int steps);
  /// A node's choice, whose indices count the node's edges, as one of the whole problem.
  [[nodiscard]] Assignment lift_to_root(const Problem& node, const Assignment& choice) const;
  void leave_open(double bound);

  const Problem& problem_;
  double budget_;
  Deadline deadline_;
  std::optional<Assignment> best_;
  bool complete_ = true;
  double open_bound_ = 0.0;  ///< the highest bound of the parts that time did not suffice for
};

/// Finds the cheapest way to serve every target, by lp_solve. Nothing when time ran out first.
[[nodiscard]] std::optional<Assignment> cheapest(const Problem& problem, const Deadline& deadline);

}  // namespace taskonomy::taxonomy
