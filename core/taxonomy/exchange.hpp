// Finds good taxonomies fast, by greedy addition and exchange of sources:
// incumbents that the search has to beat.
#pragma once

#include <optional>
#include <vector>

#include "core/taxonomy/problem.hpp"

namespace taskonomy::taxonomy {

/// The value of a set of sources, and what each missing source would add by itself. A target that no edge
/// serves counts as a loss larger than any objective, so that serving all targets comes first.
struct Additions {
  double value = 0.0;        ///< of the set; labels free
  std::vector<double> gain;  ///< per source, >= 0; 0 for those in the set
};
/// Computes them in one pass over the edges better than those in use.
[[nodiscard]] Additions additions_to(const Problem& problem, const SourceSet& sources);

/// Fills the budget greedily by gain per cost, then exchanges one source for another as long as that gains.
/// Labels count as free here. Forced and free sources stay.
[[nodiscard]] SourceSet improve(const Problem& problem, double budget, SourceSet sources);

/// Chooses edges for given sources within the budget: the best ones where labels have no price; else the
/// cheapest, then upgrades by value per cost, which is good but not always best. Nothing when no choice
/// within the budget is found.
[[nodiscard]] std::optional<Assignment> choose_edges(const Problem& problem, double budget,
                                                     const SourceSet& sources);

/// Chooses among sets of equal objective, so that the answer does not depend on the way of the search: leaves
/// out sources that can go at no loss, and exchanges sources for ones earlier in name order at no loss.
/// Returns the sources that are used. Only where labels have no price.
[[nodiscard]] SourceSet break_ties(const Problem& problem, double budget, const SourceSet& sources);

}  // namespace taskonomy::taxonomy
