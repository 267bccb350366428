// Finds good taxonomies fast, by greedy addition and exchange of sources:
// incumbents that the search has to beat.
#pragma once

#include <optional>
#include <vector>

#include "core/taxonomy/deadline.hpp"
#include "core/taxonomy/problem.hpp"

namespace taskonomy::taxonomy {

/// Fills the budget greedily by gain per cost, then exchanges one source for another as long as that gains.
/// With a deadline it takes a quarter of the time, more only until every target is served. Labels count as free here. Forced and free sources stay.
[[nodiscard]] SourceSet improve(const Problem& problem, double budget, SourceSet sources,
                                const Deadline& deadline);

/// Sources that serve every target, as few as greedy addition finds; not all targets when time is over first.
[[nodiscard]] SourceSet serve_all(const Problem& problem, const Deadline& deadline);

/// Chooses edges for given sources within the budget: the best ones where labels have no price; else the
/// cheapest, then upgrades by value per cost, which is good but not always best. Nothing when no choice
/// within the budget is found.
[[nodiscard]] std::optional<Assignment> choose_edges(const Problem& problem, double budget,
                                                     const SourceSet& sources);

/// Chooses among sets of equal objective, so that the answer does not depend on the way of the search: leaves
/// out sources that can go at no loss, and exchanges sources for ones earlier in name order at no loss.
/// Returns the sources that are used. Only where labels have no price. Stops where it is when time is over.
[[nodiscard]] SourceSet break_ties(const Problem& problem, double budget, const SourceSet& sources,
                                   const Deadline& deadline);

}  // namespace taskonomy::taxonomy
