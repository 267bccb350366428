// An upper bound on the optimum of step IV that costs microseconds: the integer program with its coupling
// rows priced instead of kept (Lagrangean relaxation, Geoffrion 1974). The search prunes with it, fixes
// variables, and takes from it which sources to try.
#pragma once

#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "core/taxonomy/problem.hpp"

namespace taskonomy::taxonomy {

/// Prices of the rows. Those of one problem are a good start for the same problem with
/// fewer edges or another budget.
struct Prices {
  std::vector<double> service;  ///< u(t): what serving target t is worth; empty: not known yet
  /// Per target, lambda(t,s) >= 0: what its joined edges pay for a source. Ascending
  /// by source; 0 where absent.
  std::vector<std::vector<std::pair<std::size_t, double>>> use;
};

/// What the relaxation says of a problem and a budget.
struct Bound {
  double value = 0.0;           ///< L: no taxonomy within the budget is better
  double budget_price = 0.0;    ///< mu: what one more unit of budget is worth in the relaxation
  Prices prices;                ///< u and lambda that gave `value`
  std::vector<double> trained;  ///< per source, 0..1: how often the last relaxed solutions train it
};

/// The Lagrangean relaxation of step IV's integer program for one problem and one budget:
///
///   maximise   sum over targets t, edges e into t of importance(t) * value(e) * x_e
///   subject to sum of x_e over e into t                  = 1      for each target t
///              sum of x_e over e into t with s among them <= y_s   for each target t and source s
///              sum of c(s) y_s + sum of c(e) x_e         <= B
///              x_e, y_s in {0, 1}.
///
/// Symbols: targets t, sources s with costs c(s), edges e with label costs c(e), budget B beside what is
/// committed. An edge is *single* when it asks for one paid source and *joined* when it asks for none or for
/// several. x_e = 1: the edge is taken; y_s = 1: the source is trained. z(t,s) is what the joined edges of t
/// may use of s, with
///
///   z(t,s) + (sum of x_e over single edges e: s -> t)  <=  y_s.                             (kept as it is)
///
/// Three kinds of rows are priced instead of kept:
///
///   sum of x_e over edges e into t                     =   1          price u(t), of any sign
///   sum of x_e over joined e into t that use s         <=  z(t,s)     price lambda(t,s) >= 0
///   sum of c(s) y_s + sum of c(e) x_e                  <=  B          price mu >= 0
///
/// With v(e) = importance(t) value(e) - mu c(e) for an edge e into t, what is left falls apart into one
/// maximum per target and one per source:
///
///   L(u, lambda, mu) =  mu B
///     + sum over t of  u(t) + max(0, max over joined e into t of
///                                       v(e) - u(t) - sum of lambda(t,s) over the paid s of e)
///     + sum over s of  max(0, (sum over t of max(0, lambda(t,s), max over single e: s -> t of v(e) - u(t)))
///                             - mu c(s))
///
/// L is at least the optimum, whatever the prices: a taxonomy within the budget, with z(t,s) the use that its
/// joined edges make of s, is one of the choices that the maxima range over, and for it every priced row adds
/// price times slack, which is at least 0, to the objective. The least L over all prices is the bound of the
/// linear relaxation. Where all edges are single, one price per target suffices for that, which is why single
/// edges are not priced pair by pair.
///
/// The prices are improved by a deflected subgradient method (Camerini, Fratta, Maffioli 1975); mu is the
/// best for each (u, lambda). One step costs one pass over the edges.
class Relaxation {
 public:
  /// The problem must outlive the relaxation.
  Relaxation(const Problem& problem, double budget);

  struct Effort {
    int steps = 100;             ///< at most
    double cutoff = 0.0;         ///< stop once the bound is no higher: the search needs no better one
    std::function<bool()> stop;  ///< asked at every step; true ends the improvement
    /// Called every tenth step with the sources that the relaxed solution trains
    /// wholly: the start of a heuristic.
    std::function<void(const SourceSet&)> candidate;
  };
  /// Improves the prices from `start` and returns the best bound found.
  [[nodiscard]] Bound tighten(const Prices& start, const Effort& effort);

  /// The problem without what no taxonomy better than `cutoff` can need. Edges and sources go when using them
  /// pulls the bound down to the cutoff; sources are committed when leaving them out does. Nothing when no
  /// such taxonomy is left.
  [[nodiscard]] std::optional<Problem> reduce(const Bound& bound, double cutoff);

 private:
  struct PricedEdge {
    double value = 0.0;               ///< importance included
    double cost = 0.0;                ///< of its labels
    std::size_t first = 0, last = 0;  ///< its paid sources: pair_of_use_[first..last)
  };
  /// L at the present u and lambda with the best mu, and the choices that attain it.
  struct Point {
    double value = 0.0;
    double budget_price = 0.0;
    std::vector<double> trained;      ///< y per source; fractional where the budget runs out
    std::vector<std::size_t> joined;  ///< per target, the joined edge that the first maximum takes, or kNone
  };
  /// u, then lambda: one entry per target, then one per pair. Also a direction among them.
  using Multipliers = std::vector<double>;

  void add_target(std::size_t target);
  void load(const Prices& prices);
  [[nodiscard]] Prices prices_of(const Multipliers& multipliers) const;
  [[nodiscard]] double service(std::size_t target) const { return multipliers_[target]; }
  [[nodiscard]] double use(std::size_t pair) const { return multipliers_[edges_.size() + pair]; }
  /// v(e) - u(t), and for joined edges minus their lambdas: what the maxima compare.
  [[nodiscard]] double surplus(std::size_t target, const PricedEdge& edge, double budget_price) const;
  [[nodiscard]] bool is_single(const PricedEdge& edge) const { return edge.last - edge.first == 1; }
  /// Solves the inner maxima for one mu: the best joined edge of every target, the
  /// income of every pair and source.
  void solve_subproblems(double budget_price);
  /// Cost of what the maxima take. [after solve_subproblems()]
  [[nodiscard]] double cost_of_subproblems(double budget_price) const;
  /// L. [after solve_subproblems()]
  [[nodiscard]] double value_at(double budget_price) const;
  /// Income of a source minus mu times its cost: positive where training it pays. [after solve_subproblems()]
  [[nodiscard]] double profit(std::size_t source, double budget_price) const;
  [[nodiscard]] Point evaluate();
  /// Finds mu and y where labels cost nothing: fills the budget in the order of income per cost.
  void fill_budget(Point& point) const;
  /// Finds mu and y where labels cost: by halving, where what the maxima take falls to the budget.
  void balance_budget(Point& point);
  /// Writes a subgradient of L into `slope`: the slack of each priced row at the relaxed solution.
  void find_subgradient(const Point& point, Multipliers& slope) const;
  [[nodiscard]] SourceSet sources_at(const Point& point) const;
  /// Makes Polyak's step of relative length `length` towards the value `aim`, along the subgradient and part
  /// of the last direction. False where the direction vanishes: the prices are best.
  [[nodiscard]] bool step(const Point& point, double aim, double length, Multipliers& direction);
  /// An upper bound on every taxonomy that takes this edge: L with the edge and its sources imposed.
  [[nodiscard]] double bound_with_edge(std::size_t target, std::size_t edge, double value,
                                       double budget_price) const;

  const Problem& problem_;
  double budget_;                               ///< what is left beside the committed
  std::vector<std::vector<PricedEdge>> edges_;  ///< per target, best first as in the problem
  std::vector<std::size_t> pair_of_use_;        ///< of all edges, one after the other
  std::vector<std::size_t> source_of_pair_;
  std::vector<std::size_t> first_pair_;  ///< per target and one more
  Multipliers multipliers_;
  Multipliers slope_;  // of one step; kept, since a fresh one for each step took a tenth of a search
  // What solve_subproblems() found.
  std::vector<std::size_t> joined_;     ///< per target: the best joined edge, or kNone
  std::vector<double> joined_surplus_;  ///< per target: of that edge, >= 0
  std::vector<double> single_surplus_;  ///< per pair: of its best single edge, >= 0
  std::vector<double> single_cost_;     ///< per pair: label cost of that edge
  std::vector<double> income_;          ///< per source
};

}  // namespace taskonomy::taxonomy
