// Smaller problems made of one: some sources settled, one edge fixed, or only the question what serves every
// target at all. Branching, variable fixing, the K best and --why are made of these.
#pragma once

#include <optional>
#include <vector>

#include "core/taxonomy/problem.hpp"

namespace taskonomy::taxonomy {

/// Sources that are decided.
struct Restriction {
  std::vector<std::size_t> in;   ///< trained and paid for
  std::vector<std::size_t> out;  ///< not trained
};

/// The problem with these sources committed or gone, and without edges that this makes needless. Targets and
/// sources keep their indices. Nothing when a target is left without an edge.
[[nodiscard]] std::optional<Problem> restrict_to(const Problem& problem, const Restriction& restriction);

/// The problem with one target's edge fixed: the edge's sources are committed, and the target has no other
/// choice. Nothing when another target is left without an edge.
[[nodiscard]] std::optional<Problem> fix_edge(const Problem& problem, std::size_t target, const Edge& edge);

/// The problem of serving every target at all, whatever the transfers are worth. Each target keeps only edges
/// that no other edge of it undercuts, and targets that ask for the same as another are left out.
[[nodiscard]] Problem make_cover(const Problem& problem);

}  // namespace taskonomy::taxonomy
