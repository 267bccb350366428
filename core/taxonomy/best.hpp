// The K best taxonomies: what else would be nearly as good.
#pragma once

#include "core/taxonomy/solver.hpp"

namespace taskonomy::taxonomy {

/// The `count` best taxonomies within a budget, best first. Two differ when they pay for different sources
/// (free ones aside); each has the best transfers its sources allow and uses all of them, so that none is
/// another with a useless source. Fewer when there are no more. Throws as solve(). Murty's partition (1968):
/// whatever is found splits the rest into parts, each of which is solved when its bound comes to the top. A
/// time limit counts for each part; an answer whose part, or a part that should have come before, was not
/// solved in time is Status::time_limit.
[[nodiscard]] std::vector<Taxonomy> best_taxonomies(Solver& solver, double budget, std::size_t count);

}  // namespace taskonomy::taxonomy
