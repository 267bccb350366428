// Comma-separated values as in RFC 4180: quoted cells may hold commas, doubled quotes and line breaks. Tables
// with a fixed header are written by CsvWriter and read by read_csv(); an unknown number (NaN) is an empty
// cell in both.
#pragma once

#include <concepts>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace taskonomy::base {

/// One record and the line (from 1) it begins on.
struct CsvRecord {
  std::size_t line = 0;
  std::vector<std::string> cells;
};

/// All records of text; \n, \r\n and a byte order mark are understood, empty lines skipped.
/// Throws Error "NAME:LINE: ..." for a quote that is never closed or has text behind it, and for a byte 0.
[[nodiscard]] std::vector<CsvRecord> parse_csv(std::string_view text, const std::string& name);

/// A cell as it is written: in quotes when it holds a comma, a quote or a line break, or begins or
/// ends with a blank.
[[nodiscard]] std::string csv_cell(std::string_view text);

/// A number as a cell: the shortest text that reads back the same; empty for NaN.
[[nodiscard]] std::string csv_cell(double value);

/// Several names in one cell, joined by '+', as tables hold the sources of a transfer.
[[nodiscard]] std::string csv_cell(const std::vector<std::string>& names);

template <std::integral Integer>
[[nodiscard]] std::string csv_cell(Integer value) {
  return std::to_string(value);
}

/// Builds a table, one row per call. Types other than text, names and numbers join in by a csv_cell() of
/// their own in their namespace, whose text may hold several cells with commas between.
class CsvWriter {
 public:
  explicit CsvWriter(const std::vector<std::string>& header);

  template <class... Values>
  void add(const Values&... values) {
    ((text_ += csv_cell(values) + ","), ...);
    text_.back() = '\n';
  }

  /// Header and rows, each line ended.
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
};

/// One row of a table that was read. A cell that is not what it is asked as throws Error
/// "FILE:LINE: COLUMN: expected a number, got \"x\"".
class CsvRow {
 public:
  CsvRow(std::string place, std::vector<std::string> columns, std::vector<std::string> cells)
      : place_(std::move(place)), columns_(std::move(columns)), cells_(std::move(cells)) {}

  [[nodiscard]] const std::string& text(std::size_t column) const { return cells_.at(column); }
  [[nodiscard]] double number(std::size_t column) const;      ///< NaN for an empty cell and for no other
  [[nodiscard]] std::size_t count(std::size_t column) const;  ///< an integer >= 0
  /// Throws the Error of a cell that is not what was expected there.
  [[noreturn]] void refuse(std::size_t column, const std::string& expected) const;

 private:
  std::string place_;  ///< "FILE:LINE"
  std::vector<std::string> columns_;
  std::vector<std::string> cells_;
};

/// The rows below the header, which must be exactly this one. Throws Error "FILE:LINE: ..." for another
/// header and for rows with more or fewer cells, and as parse_csv(). A file without any line has no rows.
[[nodiscard]] std::vector<CsvRow> read_csv(const std::filesystem::path& path,
                                           const std::vector<std::string>& header);

}  // namespace taskonomy::base
