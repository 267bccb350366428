// Text for terminals: aligned tables, and how shares, intervals and probabilities look in them.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/analysis/interval.hpp"

namespace taskonomy::report {

inline constexpr std::size_t kTextWidth = 110;  ///< letters in a line, where that can be

/// How wide texts are set while it lives: as the terminal that will show them. Without one, and in files, texts
/// are kTextWidth letters wide. Holds for the thread that made it; the one before holds again afterwards.
class TextWidth {
 public:
  explicit TextWidth(std::size_t letters);
  ~TextWidth();
  TextWidth(const TextWidth&) = delete;
  TextWidth& operator=(const TextWidth&) = delete;
  /// Letters in a line now.
  [[nodiscard]] static std::size_t current();

 private:
  std::size_t before_;
};

/// A table of text. Columns are as wide as their widest cell. One column may be wrapped: its cells are broken
/// at blanks so that lines stay within `width` letters. Where that is not enough the table is cut into parts,
/// one below the other, each with the first column and as many others as fit.
class TextTable {
 public:
  /// One letter per column: 'l' left, 'r' right aligned, 'w' left aligned and wrapped (at most one).
  explicit TextTable(std::string alignment, std::size_t width = TextWidth::current())
      : alignment_(std::move(alignment)), width_(width) {}
  /// Adds a row; as many cells as columns.
  void add(std::vector<std::string> cells);
  /// Adds a line of dashes.
  void rule() { rows_.emplace_back(); }
  /// The table, each line ended, no blanks at line ends; columns two blanks apart.
  [[nodiscard]] std::string text() const;

 private:
  [[nodiscard]] std::vector<std::size_t> column_widths() const;
  /// The columns of each part.
  [[nodiscard]] std::vector<std::vector<std::size_t>> parts(const std::vector<std::size_t>& widths) const;
  [[nodiscard]] std::string text_of(const std::vector<std::size_t>& columns,
                                    const std::vector<std::size_t>& widths) const;

  std::string alignment_;
  std::size_t width_;
  std::vector<std::vector<std::string>> rows_;  ///< an empty one is a rule
};

/// Number of letters (code points) of UTF-8 text.
[[nodiscard]] std::size_t letters(const std::string& text);
/// Breaks text at blanks into lines of at most `width` letters; a longer word gets a line of its own.
[[nodiscard]] std::vector<std::string> wrap(const std::string& text,
                                            std::size_t width = TextWidth::current());
/// A text whose sentences keep to the width: lines that are longer are wrapped, below their own indentation. Lines of
/// tables, which have two blanks between their cells, stay as they are.
[[nodiscard]] std::string fitted(const std::string& text);
/// Names with commas between, behind a heading, the lines below the first indented to it.
[[nodiscard]] std::string list_text(const std::string& heading, const std::vector<std::string>& names);

/// A share as a person reads it: ".85", "1.00", "-" for unknown.
[[nodiscard]] std::string share_text(double share, int digits = 2);
/// The same in percent: "85.3", "-" for unknown.
[[nodiscard]] std::string percent_text(double share, int digits = 1);
/// share_text() for what may be below 0: "-.47".
[[nodiscard]] std::string signed_text(double value);
/// ".85 [.80, .90]"; the estimate alone where the interval is unknown, "-" for nothing.
[[nodiscard]] std::string interval_text(const analysis::Interval& interval);
/// The same for affinities, which are small: four digits.
[[nodiscard]] std::string affinity_interval_text(const analysis::Interval& interval);
/// A metric or its like, whatever its size: four significant digits, "-" for unknown.
[[nodiscard]] std::string value_text(double value);
/// A p-value or its like: ".0312", "<.0001", "-" for unknown.
[[nodiscard]] std::string p_text(double p);

}  // namespace taskonomy::report
