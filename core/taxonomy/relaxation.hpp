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

/// The multipliers. Those of one problem are a good start for the same problem with fewer edges or another
/// budget.
struct Prices {
  std::vector<double> service;  ///< u(t): what serving target t is worth; empty = not known yet
  /// lambda(t, s) >= 0 per target: what its joined transfers pay for a source; ascending, absent = 0.
  std::vector<std::vector<std::pair<std::size_t, double>>> use;
};

/// What the relaxation says of a problem and a budget.
struct Bound {
  double value = 0.0;           ///< no taxonomy within the budget is better
  double budget_price = 0.0;    ///< mu >= 0: what one unit of budget is worth in the relaxation
  Prices prices;                ///< lambda that gave `value`
  std::vector<double> trained;  ///< per source, 0..1: how often the last relaxed solutions train it
};

/// Free multipliers u(t) on "t takes one edge", lambda(t,s) >= 0 on "the joined transfers of t use s no more
/// than z(t,s)", where z(t,s) + sum of single transfers s -> t <= y_s stays, and mu >= 0 on the budget give
///   L(u, lambda, mu) = sum_t u(t) + max(0, max over joined e of v(e) - u(t) - sum over s in e of
///   lambda(t,s))
///                    + sum_s max(0, sum_t max(0, lambda(t,s), max over single e of v(e) - u(t)) - mu
///                    cost(s))
///                    + mu (budget - committed),          v(e) = importance(t) value(e) - mu cost(e),
/// where single edges ask for one paid source and joined ones for any other number. L bounds the optimum from
/// above for all multipliers; its minimum is the bound of the linear relaxation in program.hpp. One
/// multiplier a target suffices where all edges are single, which is why those are not priced pair by pair.
/// The multipliers are improved by a deflected subgradient method (Camerini, Fratta, Maffioli 1975); mu is
/// exact for each (u, lambda). One step costs one pass over the edges.
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
    double value = 0.0;               ///< importance included
    double cost = 0.0;                ///< of its labels
    std::size_t first = 0, last = 0;  ///< its pairs in pair_of_use_
  };
  /// What y and x do at one point, and what L is there.
  struct Point {
    double value = 0.0;
    double budget_price = 0.0;
    std::vector<double> trained;      ///< y per source; fractional at the budget's edge
    std::vector<std::size_t> joined;  ///< per target, the joined edge that pays, or kNone
  };
  /// A step's direction or place: one entry per target, then one per pair.
  using Multipliers = std::vector<double>;

  void add_target(std::size_t target);
  void load(const Prices& prices);
  [[nodiscard]] Prices stored(const Multipliers& multipliers) const;
  [[nodiscard]] double service(std::size_t target) const { return multipliers_[target]; }
  [[nodiscard]] double use(std::size_t pair) const { return multipliers_[edges_.size() + pair]; }
  /// v(e) - u(t) - its lambdas: what choosing the edge adds to L's second term (joined) or third (single).
  [[nodiscard]] double surplus(std::size_t target, const PricedEdge& edge, double budget_price) const;
  [[nodiscard]] bool is_single(const PricedEdge& edge) const { return edge.last - edge.first == 1; }
  /// For one mu: the best joined edges, and the income of every pair and source.
  void respond(double budget_price);
  /// Cost of what the response takes; L.
  [[nodiscard]] double spent(double budget_price) const;
  [[nodiscard]] double value_at(double budget_price) const;
  [[nodiscard]] double profit(std::size_t source, double budget_price) const;
  [[nodiscard]] Point evaluate();
  /// mu and y by filling the budget in the order of income per cost.
  void fill_budget(Point& point) const;
  /// mu and y where labels cost: the slope of L in mu changes sign.
  void balance_budget(Point& point);
  [[nodiscard]] Multipliers slope(const Point& point) const;
  [[nodiscard]] SourceSet sources_at(const Point& point) const;
  /// Polyak's step of relative length `length` towards the value `aim`, along the slope and part of the last
  /// direction. False where the slope vanishes: the minimum.
  [[nodiscard]] bool step(const Point& point, double aim, double length, Multipliers& direction);
  /// The highest L with this edge taken.
  [[nodiscard]] double value_with(std::size_t target, std::size_t edge, double value,
                                  double budget_price) const;

  const Problem& problem_;
  double budget_;                               ///< what is left beside the committed
  std::vector<std::vector<PricedEdge>> edges_;  ///< per target, best first as in the problem
  std::vector<std::size_t> pair_of_use_;        ///< of all edges, one after the other
  std::vector<std::size_t> source_of_pair_;
  std::vector<std::size_t> first_pair_;  ///< per target and one more
  Multipliers multipliers_;
  std::vector<std::size_t> joined_;     ///< response: per target
  std::vector<double> joined_surplus_;  ///< response: per target, >= 0
  std::vector<double> single_surplus_;  ///< response: per pair, of its best single edge, >= 0
  std::vector<double> single_cost_;     ///< response: per pair, label cost of that edge
  std::vector<double> income_;          ///< response: per source
};

}  // namespace taskonomy::taxonomy
