// Part of the choice taken away: some sources trained, others not. What branching, --force, --forbid and
// --why have in common.
#pragma once

#include <optional>
#include <vector>

#include "core/taxonomy/problem.hpp"

namespace taskonomy::taxonomy {

/// Sources whose part is settled.
struct Restriction {
  std::vector<std::size_t> in;   ///< trained and paid for
  std::vector<std::size_t> out;  ///< not trained
};

/// The problem with these sources committed or gone, with the same numbering of targets and sources and
/// without edges that this makes needless. Nothing when a target is left without an edge.
[[nodiscard]] std::optional<Problem> restricted(const Problem& problem, const Restriction& restriction);

/// The problem with one target's edge taken: its sources committed, no other choice for that target.
[[nodiscard]] std::optional<Problem> with_edge(const Problem& problem, std::size_t target, const Edge& edge);

/// What it takes to serve every target at all: of each target only the edges of which no other asks less,
/// whatever they are worth, without targets that ask for the same as another.
[[nodiscard]] Problem covering(const Problem& problem);

}  // namespace taskonomy::taxonomy
