// How good the source networks are: the paper's Table 1, and the metrics by which practitioners judge each
// task. Files of a run (table-1.csv, metrics.csv) and their short tables for the terminal.
#pragma once

#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include "core/analysis/win_rates.hpp"
#include "core/base/record.hpp"

namespace taskonomy::report {

inline constexpr const char* kTableOneFile = "table-1.csv";

/// CSV task,beats_constant,beats_random,images; an unknown share is empty.
[[nodiscard]] std::string table_one_csv(const std::vector<analysis::SourceCheck>& checks);

/// Reads table_one_csv(). Throws Error "FILE:LINE: ..." for another header, a wrong number of cells and
/// malformed numbers.
[[nodiscard]] std::vector<analysis::SourceCheck> read_table_one(const std::filesystem::path& path);

/// The paper's Table 1 in percent, with the means.
[[nodiscard]] std::string source_check_text(const std::vector<analysis::SourceCheck>& checks);

inline constexpr const char* kMetricsFile = "metrics.csv";

/// One metric of one competitor for a target: a mean over test images.
struct MetricRow {
  std::string target;
  std::string competitor;  ///< as in a LossTable: the target itself = its own network, "(constant)", "a+b"
  std::string metric;      ///< "abs_rel"
  std::string unit;        ///< "m", "%"; may be empty
  bool higher_is_better = false;
  double value = std::numeric_limits<double>::quiet_NaN();  ///< NaN = no image has one

  static void visit(auto& self, auto&& field) {
    field("target", self.target);
    field("competitor", self.competitor);
    field("metric", self.metric);
    field("unit", self.unit);
    field("better", base::TwoWords{self.higher_is_better, "higher", "lower"});
    field("value", self.value);
  }
};

/// `target,competitor,metric,unit,better,value`, in the order of the rows; better is "higher" or "lower", an
/// unknown value an empty cell.
[[nodiscard]] std::string metrics_csv(const std::vector<MetricRow>& rows);

/// Reads metrics_csv(). Throws Error "FILE:LINE: ..." for another header, a wrong number of cells and
/// malformed values.
[[nodiscard]] std::vector<MetricRow> read_metrics(const std::filesystem::path& path);

/// A table of the first `most` metrics of each target: of its own network, of the best constant guess and,
/// where there is one, of the network from scratch.
[[nodiscard]] std::string metrics_text(const std::vector<MetricRow>& rows, std::size_t most = 3);

/// Table 1 and the metrics of the source networks, each under its heading; leaves out what is empty.
[[nodiscard]] std::string sources_text(const std::vector<analysis::SourceCheck>& checks,
                                       const std::vector<MetricRow>& metrics);

}  // namespace taskonomy::report
