// The affinity matrix, and its picture.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/affinity/affinity_table.hpp"
#include "core/report/svg.hpp"

namespace taskonomy::report {

/// The affinities of one order as a matrix, for the heat map and the terminal's table.
struct Matrix {
  /// One pair of target and source.
  struct Cell {
    /// Of all affinities of the target, all orders; in [0,1], NaN = no such transfer.
    double share = affinity::kUnknown;
    std::size_t row = 0;  ///< of the table
  };
  std::vector<std::string> targets;  ///< down, in the table's order
  std::vector<std::string> sources;  ///< across: the targets first, in the same order, then source-only tasks
  std::vector<std::vector<Cell>> cells;  ///< [target][source]
  /// Per target the column of its best transfer, own labels aside.
  std::vector<std::optional<std::size_t>> best;
};

/// The transfers of one order. With several sources a cell has the best transfer among those
/// that read its source. Own labels stand where target and source are the same, at order 1. An
/// empty table gives an empty matrix.
[[nodiscard]] Matrix affinity_matrix(const affinity::AffinityTable& table, std::size_t order = 1);

/// Draws the matrices of these orders, at least one; the first is shown and gives the title, the others are
/// `hidden`. Numbers: percent of the target's
/// total over all orders. Colour: the square root of the number, one scale for all targets and orders, so that
/// a row is pale where own labels leave nothing to transfers. The best transfer is framed, own labels are grey, a single source that was not trained is a
/// dash. At most `most` targets and sources are drawn, the first ones.
///
/// A page sorts it by exchanging the `transform` of the groups .row and of the groups .column, which have
/// data-task (the place in AffinityTable::tasks()). Each .row has a group .order (with data-order) per order,
/// whose children are the cells, one per column. A cell has data-row, the transfer's row in the table, where
/// there is such a transfer. The legend is a group .shades.
[[nodiscard]] Drawing heat_map(const affinity::AffinityTable& table,
                               const std::vector<std::size_t>& orders = {1},
                               std::size_t most = static_cast<std::size_t>(-1));

}  // namespace taskonomy::report
