#include "core/report/table_one.hpp"

#include <charconv>
#include <cmath>
#include <limits>

#include "core/base/csv.hpp"
#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "core/base/text.hpp"

namespace taskonomy::report {

namespace {

const std::vector<std::string> kHeader{"task", "beats_constant", "beats_random", "images"};

std::string share(double value) { return std::isnan(value) ? std::string() : base::number(value); }

double number(const std::string& cell, const std::string& where) {
  if (cell.empty()) return std::numeric_limits<double>::quiet_NaN();
  double value = 0.0;
  const auto [stop, code] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (code != std::errc() || stop != cell.data() + cell.size() || !(value >= 0.0))
    throw base::Error(where + ": expected a number >= 0, got \"" + cell + "\"");
  return value;
}

}  // namespace

std::string table_one_csv(const std::vector<analysis::SourceCheck>& checks) {
  std::string text = base::join(kHeader, ",") + "\n";
  for (const auto& check : checks) {
    text += base::csv_cell(check.task) + "," + share(check.beats_constant) + "," + share(check.beats_random) +
            "," + std::to_string(check.images) + "\n";
  }
  return text;
}

std::vector<analysis::SourceCheck> read_table_one(const std::filesystem::path& path) {
  std::vector<analysis::SourceCheck> checks;
  const auto records = base::parse_csv(base::read_file(path), path.string());
  for (const auto& record : records) {
    const std::string where = path.string() + ":" + std::to_string(record.line);
    const bool header = &record == &records.front();
    if (header ? record.cells != kHeader : record.cells.size() != kHeader.size())
      throw base::Error(where + ": expected the columns " + base::join(kHeader, ","));
    if (header) continue;
    checks.push_back({record.cells[0], number(record.cells[1], where), number(record.cells[2], where),
                      static_cast<std::size_t>(number(record.cells[3], where))});
  }
  return checks;
}

}  // namespace taskonomy::report
