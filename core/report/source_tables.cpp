#include "core/report/source_tables.hpp"

#include <cmath>
#include <cstdio>
#include <map>

#include "core/affinity/loss_table.hpp"
#include "core/base/error.hpp"
#include "core/base/text.hpp"
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

double mean_of(const std::vector<analysis::SourceCheck>& checks, double analysis::SourceCheck::*share) {
  double sum = 0.0;
  double count = 0.0;
  for (const auto& check : checks) {
    if (std::isnan(check.*share)) continue;
    sum += check.*share;
    count += 1.0;
  }
  return count == 0.0 ? affinity::kUnknown : sum / count;
}

}  // namespace

std::string table_one_csv(const std::vector<analysis::SourceCheck>& checks) { return base::to_csv(checks); }

std::vector<analysis::SourceCheck> read_table_one(const std::filesystem::path& path) {
  auto checks = base::read_records<analysis::SourceCheck>(path);
  for (const auto& check : checks)
    for (const double share : {check.beats_constant, check.beats_random})
      if (share < 0.0 || share > 1.0)
        throw base::Error(path.string() + ": task \"" + check.task + "\": expected shares from 0 to 1, got " +
                          base::number(share));
  return checks;
}

std::string metrics_csv(const std::vector<MetricRow>& rows) { return base::to_csv(rows); }

std::vector<MetricRow> read_metrics(const std::filesystem::path& path) {
  return base::read_records<MetricRow>(path);
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
               row.higher_is_better ? "higher" : "lower"});
  }
  return table.text();
}

std::string source_check_text(const std::vector<analysis::SourceCheck>& checks) {
  TextTable table("lrrr");
  table.add({"task", "beats constant guess, %", "beats random encoder, %", "images"});
  table.rule();
  for (const auto& check : checks) {
    table.add({check.task, percent_text(check.beats_constant), percent_text(check.beats_random),
               std::to_string(check.images)});
  }
  table.rule();
  table.add({"mean", percent_text(mean_of(checks, &analysis::SourceCheck::beats_constant)),
             percent_text(mean_of(checks, &analysis::SourceCheck::beats_random)), ""});
  return table.text();
}

std::string sources_text(const std::vector<analysis::SourceCheck>& checks,
                         const std::vector<MetricRow>& metrics) {
  std::string text;
  if (!checks.empty())
    text += "Source networks, share of test images on which they win\n\n" + source_check_text(checks) + "\n";
  if (!metrics.empty()) text += "Metrics, means over test images\n\n" + metrics_text(metrics) + "\n";
  return text;
}

}  // namespace taskonomy::report
