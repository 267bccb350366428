// An upper bound on Step IV's optimum that costs microseconds: the integer program with its coupling rows
// priced instead of kept (Lagrangean relaxation, Geoffrion 1974). Prunes, fixes variables, and suggests
// sources.
#pragma once

#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "core/taxonomy/problem.hpp"

namespace taskonomy::taxonomy {

/// lambda(t, s) >= 0 per target: what it pays for the use of a source; ascending by source, absent = 0.
/// Prices of one problem are a good start for the same problem with fewer edges or another budget.
using Prices = std::vector<std::vector<std::pair<std::size_t, double>>>;

/// What the relaxation says of a problem and a budget.
struct Bound {
  double value = 0.0;           ///< no taxonomy within the budget is better
  double budget_price = 0.0;    ///< mu >= 0: what one unit of budget is worth in the relaxation
  Prices prices;                ///< lambda that gave `value`
  std::vector<double> trained;  ///< per source, 0..1: how often the last relaxed solutions train it
};

/// With prices lambda(t,s) >= 0 on sum of x_e over e into t with s <= y_s and mu >= 0 on the budget,
///   L(lambda, mu) = sum_t max_e [importance(t) value(e) - sum over s in e of lambda(t,s) - mu cost(e)]
///                 + sum_s max(0, sum_t lambda(t,s) - mu cost(s)) + mu (budget - committed)
/// bounds the optimum from above for all prices; its minimum is the bound of the linear relaxation. The
/// prices are improved by a deflected subgradient method (Camerini, Fratta, Maffioli 1975), mu is exact for
/// each lambda. One step costs one pass over the edges.
class Relaxation {
 public:
  /// The problem must outlive the relaxation.
  Relaxation(const Problem& problem, double budget);

  struct Effort {
    int steps = 100;                                  ///< at most
    double cutoff = 0.0;                              ///< stop once the bound is no higher
    std::function<bool()> stop;                       ///< asked at every step
    std::function<void(const SourceSet&)> candidate;  ///< told relaxed choices of sources now and then
  };
  /// The best bound found from `start`.
  [[nodiscard]] Bound tighten(const Prices& start, const Effort& effort);

  /// The problem without what the bound proves useless for any taxonomy better than `cutoff`: edges and
  /// sources go whose use would pull the bound down to it, and sources without which it falls so far are
  /// committed. Nothing when no such taxonomy is left.
  [[nodiscard]] std::optional<Problem> reduced(const Bound& bound, double cutoff);

  /// Number of (target, source) pairs that carry a price: rows of the integer program.
  [[nodiscard]] std::size_t pairs() const { return source_of_pair_.size(); }

 private:
  struct PricedEdge {
    double value = 0.0;  ///< importance included
    double cost = 0.0;
    std::size_t first = 0, last = 0;  ///< its pairs in pair_of_use_
  };
  struct Point {
    double value = 0.0;
    double budget_price = 0.0;
    std::vector<double> trained;      ///< y per source; fractional at the budget's edge
    std::vector<std::size_t> chosen;  ///< per target, edge
  };

  void add_target(std::size_t target);
  void load(const Prices& prices);
  [[nodiscard]] Prices stored(const std::vector<double>& lambda) const;
  /// The priced value of an edge; that of the best edge of a target.
  [[nodiscard]] double worth(const PricedEdge& edge, double budget_price) const;
  [[nodiscard]] std::size_t best_edge(std::size_t target, double budget_price) const;
  [[nodiscard]] Point evaluate();
  /// mu and y for the current lambda by filling the budget in the order of income per cost.
  void fill_budget(Point& point) const;
  /// mu for the current lambda where labels cost: the slope of L in mu changes sign.
  void balance_budget(Point& point) const;
  [[nodiscard]] double spent(double budget_price) const;
  [[nodiscard]] double value_at(double budget_price) const;
  /// Subgradient of L in lambda: y_s - (whether t's edge uses s).
  [[nodiscard]] std::vector<double> slope(const Point& point) const;

  const Problem& problem_;
  double budget_;                               ///< what is left beside the committed
  std::vector<std::vector<PricedEdge>> edges_;  ///< per target
  std::vector<std::size_t> pair_of_use_;        ///< of all edges, one after the other
  std::vector<std::size_t> source_of_pair_;
  std::vector<std::size_t> first_pair_;  ///< per target and one more
  std::vector<double> lambda_;           ///< per pair
  std::vector<double> income_;           ///< per source: sum of its prices
};

}  // namespace taskonomy::taxonomy
