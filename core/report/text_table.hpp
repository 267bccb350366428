// Aligned plain text tables for terminals.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace taskonomy::report {

/// A table of cells. Columns are as wide as their widest cell, except `wrapped`, whose cells are broken at
/// blanks so that the line stays within `width` letters where possible.
class TextTable {
 public:
  /// One letter per column: 'l' left, 'r' right aligned, 'w' left aligned and wrapped (at most one).
  explicit TextTable(std::string alignment, std::size_t width = 110)
      : alignment_(std::move(alignment)), width_(width) {}
  /// Adds a row; as many cells as columns.
  void add(std::vector<std::string> cells);
  /// Adds a line of dashes.
  void rule() { rows_.emplace_back(); }
  /// The table, each line ended, no blanks at line ends; columns two blanks apart.
  [[nodiscard]] std::string text() const;

 private:
  std::string alignment_;
  std::size_t width_;
  std::vector<std::vector<std::string>> rows_;  ///< an empty one is a rule
};

/// Letters of UTF-8 text (code points), for alignment.
[[nodiscard]] std::size_t letters(const std::string& text);
/// Text broken at blanks into lines of at most `width` letters; longer words stand alone.
[[nodiscard]] std::vector<std::string> wrapped(const std::string& text, std::size_t width);

}  // namespace taskonomy::report
