// Step IV solved: bounds first, the integer program for what they leave open.
#pragma once

#include <chrono>
#include <optional>

#include "core/taxonomy/problem.hpp"
#include "core/taxonomy/relaxation.hpp"

namespace taskonomy::taxonomy {

/// A moment after which no more is tried; default: never.
class Deadline {
 public:
  Deadline() = default;
  /// seconds from now; 0 = never.
  explicit Deadline(double seconds);
  [[nodiscard]] bool over() const;
  /// Seconds left, at least a millisecond; 0 = unlimited.
  [[nodiscard]] double left() const;

 private:
  std::optional<std::chrono::steady_clock::time_point> end_;
};

/// What a search came to.
struct Found {
  std::optional<Assignment> best;  ///< nothing: none fits the budget, or none was found in time
  bool complete = true;            ///< the search was not cut short
  double bound = 0.0;              ///< no taxonomy within the budget is better; best->objective when complete
};

/// Branch and bound over the sources, depth first. At each node prices bound what is left (Relaxation), the
/// bound and the best taxonomy known take edges and sources away, and a rest that is small enough goes to the
/// integer program; a larger one is split at the source on which the relaxation is most undecided. Exact: a
/// part of the choice goes only when its bound is no better than a taxonomy at hand.
class Search {
 public:
  /// The problem must outlive the search.
  Search(const Problem& problem, double budget, const Deadline& deadline);
  /// A taxonomy known from elsewhere, to begin with; ignored when it does not fit the budget.
  void offer(const Assignment& assignment);
  /// Sources that may make a good taxonomy; ignored when they do not fit.
  void offer(const SourceSet& sources);
  /// `prices`: a start on entry, those of the whole problem on return.
  [[nodiscard]] Found run(Prices& prices);

 private:
  [[nodiscard]] double cutoff() const;
  void explore(Problem node, Prices prices, int steps, Prices* root_prices);
  void solve_program(const Problem& node, double bound);
  void branch(const Problem& node, const Bound& bound);
  [[nodiscard]] Bound bounded(Relaxation& relaxation, const Problem& node, const Prices& prices, int steps);
  /// The node's choice in the numbering of the whole problem.
  [[nodiscard]] Assignment lifted(const Problem& node, const Assignment& choice) const;
  void leave_open(double bound);

  const Problem& problem_;
  double budget_;
  const Deadline& deadline_;
  std::optional<Assignment> best_;
  bool complete_ = true;
  double open_bound_ = 0.0;  ///< the highest of the parts that time did not suffice for
};

/// The cheapest way to serve every target; nothing when there was not time for it.
[[nodiscard]] std::optional<Assignment> cheapest(const Problem& problem, const Deadline& deadline);

}  // namespace taskonomy::taxonomy
