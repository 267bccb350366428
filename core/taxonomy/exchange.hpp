// Good taxonomies fast: greedy addition and exchange of sources. What the proof then has to beat.
#pragma once

#include <optional>
#include <vector>

#include "core/taxonomy/problem.hpp"

namespace taskonomy::taxonomy {

/// A set of sources, and what each missing one would add by itself. A target that no edge serves counts as a
/// loss larger than any objective, so that serving targets comes first.
struct Additions {
  double value = 0.0;        ///< of the set; labels free
  std::vector<double> gain;  ///< per source, >= 0; 0 for those in the set
};
/// One pass over the edges better than those in use.
[[nodiscard]] Additions additions_to(const Problem& problem, const SourceSet& sources);

/// Fills the budget greedily by gain per cost, then exchanges one source for another as long as that gains.
/// Labels count as free here. Forced and free sources stay.
[[nodiscard]] SourceSet improved(const Problem& problem, double budget, SourceSet sources);

/// A good choice of edges for given sources within the budget: exact where labels have no price; else the
/// cheapest edges, then the upgrades of most value per cost. Nothing when none is found.
[[nodiscard]] std::optional<Assignment> affordable(const Problem& problem, double budget,
                                                   const SourceSet& sources);

/// The same objective with ties broken: a source that can be left out or exchanged for one earlier in name
/// order at no loss is. Returns the sources that are used. Where labels have no price.
[[nodiscard]] SourceSet settled(const Problem& problem, double budget, const SourceSet& sources);

}  // namespace taskonomy::taxonomy
