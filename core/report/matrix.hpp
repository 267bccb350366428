// The first-order affinities as a matrix: what the heat map and the terminal's table show.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/affinity/affinity_table.hpp"

namespace taskonomy::report {

/// share[r][c]: affinity of source c for target r as a share of all affinities of target r, all orders; in
/// [0,1], NaN where there is no such transfer. self stands where target and source are the same.
struct Matrix {
  std::vector<std::string> targets;  ///< rows, in the table's order
  std::vector<std::string>
      sources;  ///< columns: the targets first, in the same order, then source-only tasks
  std::vector<std::vector<double>> share;
  std::vector<std::optional<std::size_t>> best;  ///< per target the best column that is not self
};

/// Throws nothing: an empty table gives an empty matrix.
[[nodiscard]] Matrix first_order_matrix(const affinity::AffinityTable& table);

}  // namespace taskonomy::report
