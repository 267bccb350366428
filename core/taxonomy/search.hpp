// Step IV solved: a Lagrangean branch and bound over the sources. Greedy exchange finds good taxonomies, the bounds prove
// the optimum.
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

/// Branch and bound over the sources, depth first. At each node the relaxation bounds what is left. The bound and the
/// best taxonomy known so far (the incumbent) take edges and sources away. The rest is split at the source on which
/// the relaxation is most undecided; once all sources are decided, at the edge of a target whose labels compete for
/// the budget.
///
/// What it proves: a part of the choice is given up only when its bound is no better than the incumbent, up to a
/// relative 1e-12 for rounding, or when nothing in it is left to choose. So `best` is an optimum up to that rounding.
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
  /// Searches for taxonomies better than `least` only, from no incumbent.
  [[nodiscard]] Found run_above(double least);

 private:
  [[nodiscard]] double cutoff() const;
  void explore(Problem node, Prices prices, int steps, Prices* root_prices = nullptr);
  void branch(const Problem& node, const Bound& bound);
  void branch_on_labels(const Problem& node, const Bound& bound);
  [[nodiscard]] Bound tighten_bound(Relaxation& relaxation, const Problem& node, const Prices& prices,
                                    int steps);
  /// A node's choice, whose indices count the node's edges, as one of the whole problem.
  [[nodiscard]] Assignment lift_to_root(const Problem& node, const Assignment& choice) const;
  void leave_open(double bound);

  const Problem& problem_;
  double budget_;
  Deadline deadline_;
  std::optional<Assignment> best_;
  double floor_;  ///< only taxonomies above it count
  bool complete_ = true;
  double open_bound_ = 0.0;  ///< the highest bound of the parts that time did not suffice for
};

/// Finds any way to serve every target within a budget, without regard to the objective: lp_solve's answer where it fits,
/// else one that the search finds, or its proof that there is none.
[[nodiscard]] Found serve_within(const Problem& problem, double budget, const Deadline& deadline);

/// Finds the cheapest way to serve every target: lp_solve's answer, or else a greedy one, undercut until the search
/// proves that nothing is cheaper. When time runs out first, the cheapest that is known; nothing when none is.
[[nodiscard]] std::optional<Assignment> cheapest(const Problem& problem, const Deadline& deadline);

}  // namespace taskonomy::taxonomy
