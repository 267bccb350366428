// Comma-separated values as in RFC 4180: quoted cells may hold commas, doubled quotes and line breaks.
#pragma once

#include <cstddef>
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
/// Throws Error "NAME:LINE: ..." for a quote that is never closed or has text behind it.
[[nodiscard]] std::vector<CsvRecord> parse_csv(std::string_view text, const std::string& name);

/// A cell as it is written: in quotes when it holds a comma, a quote or a line break, or begins or
/// ends with a blank.
[[nodiscard]] std::string csv_cell(std::string_view text);

}  // namespace taskonomy::base
