// Step IV as a binary integer program, solved by lp_solve. The one place that knows lp_solve.
#pragma once

#include <memory>

#include "core/taxonomy/problem.hpp"

namespace taskonomy::taxonomy {

enum class Outcome { optimal, best_in_time, infeasible, none_in_time };

struct ProgramResult {
  Outcome outcome = Outcome::infeasible;
  Assignment assignment;  ///< empty when there is no solution
};

/// maximise   sum over targets t, edges e into t of importance(t) * value(e) * x_e
/// subject to sum of x_e over e into t                  = 1       for each target t
///            sum of x_e over e into t with s among them <= y_s    for each target t and source s
///            sum of cost(s) * y_s + sum of cost(e) * x_e <= budget
///            0 <= x_e, y_s in {0, 1}.
/// The second kind of row says x_e <= y_s for all e at once. It is exact, because a target takes one edge,
/// and tighter and smaller than one row per (edge, source): on the published table 500 rows instead of 5000,
/// and the relaxation is nearly integral. x needs no integrality unless labels have a price: with y fixed
/// each target's best edge is an optimum (assign()).
class Program {
 public:
  /// The problem must outlive the program.
  explicit Program(const Problem& problem);
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  /// The best choice under a budget; a second call starts from the basis of the first. time_limit in
  /// seconds, 0 = none.
  [[nodiscard]] ProgramResult maximise(double budget, double time_limit);
  /// The cheapest choice that serves every target at all.
  [[nodiscard]] ProgramResult cheapest(double time_limit);

 private:
  struct Model;
  void add_budget();
  [[nodiscard]] ProgramResult solved(double time_limit);
  const Problem& problem_;
  std::unique_ptr<Model> model_;
};

}  // namespace taskonomy::taxonomy
