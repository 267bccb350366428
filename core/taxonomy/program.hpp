// The cheapest way to serve all targets, as a binary integer program for lp_solve. The one place that knows lp_solve.
//
// lp_solve finds a good answer fast; it proves nothing here. Of programs with many near ties (values on a coarse grid
// that differ by 1e-12 to 1e-9) it calls about 1 % optimal that are not, and it gives up on some others. So the search
// (search.hpp) starts from its answer and proves by itself that nothing is cheaper.
#pragma once

#include <optional>

#include "core/taxonomy/problem.hpp"

namespace taskonomy::taxonomy {

/// minimise   sum of cost(s) * y_s + sum of cost(e) * x_e
/// subject to sum of x_e over e into t                  = 1       for each target t
///            sum of x_e over e into t with s among them <= y_s    for each target t and source s
///            0 <= x_e, y_s in {0, 1}.
///
/// The second kind of row says x_e <= y_s for all e of a target at once. That is exact, because a target takes one
/// edge, and it is tighter and smaller than one row per (edge, source). x must be integral only where labels have a
/// price; else, with y fixed, any edge that the sources allow will do.
///
/// Returns lp_solve's answer, one edge for each target. Nothing when it has none: time was over, or its arithmetic
/// failed. time_limit in seconds, 0: none.
[[nodiscard]] std::optional<Assignment> guess_cheapest(const Problem& problem, double time_limit);

}  // namespace taskonomy::taxonomy
