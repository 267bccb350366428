// A contact sheet: one row per sample, one column per task, so that a person can judge inputs and labels at
// a glance; set as a figure that can stand in a paper.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/data/figure.hpp"

namespace taskonomy::data {

/// One sample.
struct SheetRow {
  std::string label;               ///< sample id, written above the row
  std::vector<sdk::Figure> cells;  ///< one per column
};

/// Samples of one kind of views.
struct ContactSheet {
  std::vector<std::string> headers;  ///< above the columns
  std::vector<SheetRow> rows;
  /// The first columns, the photographs: where the columns do not fit side by side they go on below, and
  /// there these stand first again.
  std::size_t repeated = 1;
};

/// A drawing of sheets.
struct DrawnSheets {
  std::string file;            ///< its bytes
  long width = 0, height = 0;  ///< pixels
};

/// Draws sheets onto one paper, side by side where they fit into about 2000 pixels. Pictures are enlarged
/// to 150 to 220 pixels, a whole number of times where they can be. Names are never broken: a column is as
/// wide as its header. Below a picture stands its caption; below a group of columns a bar of colours for
/// quantities, with one range for the whole sheet, and the key of all colours that have a meaning. Throws
/// std::logic_error when a row has another number of cells than there are headers, Error when a PNG would
/// be too large.
[[nodiscard]] DrawnSheets draw_contact_sheets(const std::vector<ContactSheet>& sheets, SheetFormat format);

/// Draws one figure as a PNG with its caption below, for the page: marks and words need more pixels than
/// the image has. A figure that is a picture alone comes as it is. `range`: of its quantity. Pack quickly
/// where there are thousands.
[[nodiscard]] std::string figure_png(const sdk::Figure& figure, const std::optional<Range>& range,
                                     sdk::PngPacking packing = sdk::PngPacking::small);

/// Draws the colour bar and the key of figures of one task as a PNG; "" where they need none.
[[nodiscard]] std::string key_png(const std::vector<const sdk::Figure*>& figures,
                                  const std::optional<Range>& range);

}  // namespace taskonomy::data
