// Step IV as a binary integer program for lp_solve. The one place that knows lp_solve.
//
// The search (search.hpp) hands it two kinds of problems: the rest of a node that its bound and the incumbent
// have made small (maximise()), and the cheapest choice that serves all targets (cheapest()). The proof of an
// optimum is the search's own: its Lagrangean branch and bound covers all taxonomies, and only within these
// small rests is lp_solve's word taken that nothing is better. lp_solve stops at a relative gap of 1e-9, so
// of choices that differ by less it may return either; with many near ties (values on a coarse grid that
// differ by 1e-12 to 1e-9) about 1 % of its programs were found to miss the optimum by more.
#pragma once

#include <memory>

#include "core/taxonomy/problem.hpp"

namespace taskonomy::taxonomy {

enum class Outcome {
  optimal,
  best_in_time,  ///< the time limit came; a better choice may exist
  infeasible,
  none_in_time  ///< the time limit came before any choice was found
};

struct ProgramResult {
  Outcome outcome = Outcome::infeasible;
  Assignment assignment;  ///< empty when there is no solution
};

/// maximise   sum over targets t, edges e into t of importance(t) * value(e) * x_e
/// subject to sum of x_e over e into t                  = 1       for each target t
///            sum of x_e over e into t with s among them <= y_s    for each target t and source s
///            sum of cost(s) * y_s + sum of cost(e) * x_e <= budget
///            0 <= x_e, y_s in {0, 1}.
///
/// The second kind of row says x_e <= y_s for all e of a target at once. That is exact, because a target
/// takes one edge, and it is tighter and smaller than one row per (edge, source): on the published table
/// there are 500 rows instead of 5000, and the linear relaxation is nearly integral. x must be integral only
/// where labels have a price; else, with y fixed, each target's best edge is an optimum (assign()).
class Program {
 public:
  /// The problem must outlive the program.
  explicit Program(const Problem& problem);
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  /// Solves for the best choice under a budget. A second call starts from the basis of the first. time_limit
  /// in seconds, 0: none.
  [[nodiscard]] ProgramResult maximise(double budget, double time_limit);
  /// Solves for the cheapest choice that serves every target at all.
  [[nodiscard]] ProgramResult cheapest(double time_limit);

 private:
  struct Model;
  [[nodiscard]] ProgramResult run_solver(double time_limit);
  const Problem& problem_;
  std::unique_ptr<Model> model_;
};

}  // namespace taskonomy::taxonomy
