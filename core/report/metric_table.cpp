#include "core/report/metric_table.hpp"

#include <cmath>
#include <cstdio>
#include <map>

#include "core/base/csv.hpp"
#include "core/base/text.hpp"
#include "core/losses/loss_table.hpp"
#include "core/report/text_table.hpp"

namespace taskonomy::report {

namespace {

/// Four significant digits, without an exponent where that stays short.
std::string value_text(double value) {
  if (std::isnan(value)) return "-";
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

std::string better(const MetricRow& row) { return row.higher_is_better ? "higher" : "lower"; }

}  // namespace

std::string metrics_csv(const std::vector<MetricRow>& rows) {
  std::string text = "target,competitor,metric,unit,better,value\n";
  for (const auto& row : rows)
    text += base::csv_cell(row.target) + "," + base::csv_cell(row.competitor) + "," +
            base::csv_cell(row.metric) + "," + base::csv_cell(row.unit) + "," + better(row) + "," +
            (std::isnan(row.value) ? "" : base::number(row.value)) + "\n";
  return text;
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
               value_text(row.value), value_of(row, losses::kScratch), value_of(row, losses::kConstant),
               better(row)});
  }
  return table.text();
}

}  // namespace taskonomy::report
