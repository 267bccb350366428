#include "core/report/metric_table.hpp"

#include <charconv>
#include <cmath>
#include <cstdio>
#include <map>

#include "core/affinity/loss_table.hpp"
#include "core/base/csv.hpp"
#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "core/base/text.hpp"
#include "core/report/text_table.hpp"

namespace taskonomy::report {

namespace {

const std::vector<std::string> kHeader{"target", "competitor", "metric", "unit", "better", "value"};

/// Four significant digits, without an exponent where that stays short.
std::string value_text(double value) {
  if (std::isnan(value)) return "-";
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

double value_of(const std::string& cell, const std::string& where) {
  if (cell.empty()) return std::numeric_limits<double>::quiet_NaN();
  double value = 0.0;
  const auto [stop, code] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (code != std::errc() || stop != cell.data() + cell.size())
    throw base::Error(where + ": value: expected a number, got \"" + cell + "\"");
  return value;
}

std::string better(const MetricRow& row) { return row.higher_is_better ? "higher" : "lower"; }

}  // namespace

std::string metrics_csv(const std::vector<MetricRow>& rows) {
  std::string text = base::join(kHeader, ",") + "\n";
  for (const auto& row : rows)
    text += base::csv_cell(row.target) + "," + base::csv_cell(row.competitor) + "," +
            base::csv_cell(row.metric) + "," + base::csv_cell(row.unit) + "," + better(row) + "," +
            (std::isnan(row.value) ? "" : base::number(row.value)) + "\n";
  return text;
}

std::vector<MetricRow> read_metrics(const std::filesystem::path& path) {
  std::vector<MetricRow> rows;
  const auto records = base::parse_csv(base::read_file(path), path.string());
  for (const auto& record : records) {
    const std::string where = path.string() + ":" + std::to_string(record.line);
    const bool header = &record == &records.front();
    if (header ? record.cells != kHeader : record.cells.size() != kHeader.size())
      throw base::Error(where + ": expected the columns " + base::join(kHeader, ","));
    if (header) continue;
    if (record.cells[4] != "higher" && record.cells[4] != "lower")
      throw base::Error(where + ": better: expected higher or lower, got \"" + record.cells[4] + "\"");
    rows.push_back({record.cells[0], record.cells[1], record.cells[2], record.cells[3],
                    record.cells[4] == "higher", value_of(record.cells[5], where)});
  }
  return rows;
}

std::string metrics_text(const std::vector<MetricRow>& rows, std::size_t most) {
  std::map<std::string, std::map<std::string, std::map<std::string, double>>> values;
  for (const auto& row : rows) values[row.target][row.metric][row.competitor] = row.value;
  const auto value_of = [&](const MetricRow& row, const std::string& competitor) {
    const auto& of_metric = values[row.target][row.metric];
    const auto found = of_metric.find(competitor);
    return found == of_metric.end() ? "-" : value_text(found->second);
  };
  TextTable table("llrrrl");
  table.add({"task", "metric", "own network", "from scratch", "constant guess", "better"});
  table.rule();
  std::map<std::string, std::size_t> shown;
  for (const auto& row : rows) {
    if (row.competitor != row.target || shown[row.target] == most) continue;
    const bool first = shown[row.target]++ == 0;
    table.add({first ? row.target : "", row.metric + (row.unit.empty() ? "" : ", " + row.unit),
               value_text(row.value), value_of(row, affinity::kScratch), value_of(row, affinity::kConstant),
               better(row)});
  }
  return table.text();
}

}  // namespace taskonomy::report
