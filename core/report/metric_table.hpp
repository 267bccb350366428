// The metrics by which practitioners judge each task, for every competitor: a CSV file for programs, a short
// table for people.
#pragma once

#include <filesystem>
#include <limits>
#include <string>
#include <vector>

namespace taskonomy::report {

inline constexpr const char* kMetricsFile = "metrics.csv";

/// One metric of one competitor for a target: a mean over test images.
struct MetricRow {
  std::string target;
  std::string competitor;  ///< as in a LossTable: the target itself = its own network, "(constant)", "a+b"
  std::string metric;      ///< "abs_rel"
  std::string unit;        ///< "m", "%"; may be empty
  bool higher_is_better = false;
  double value = std::numeric_limits<double>::quiet_NaN();  ///< NaN = no image has one
};

/// `target,competitor,metric,unit,better,value`, in the order of the rows; better is "higher" or "lower", an
/// unknown value an empty cell.
[[nodiscard]] std::string metrics_csv(const std::vector<MetricRow>& rows);

/// Reads it back. Throws Error "FILE:LINE: ..." for another header, a wrong number of cells and malformed
/// values.
[[nodiscard]] std::vector<MetricRow> read_metrics(const std::filesystem::path& path);

/// The first `most` metrics of each target: its own network beside the best constant guess and, where there
/// is one, the network from scratch.
[[nodiscard]] std::string metrics_text(const std::vector<MetricRow>& rows, std::size_t most = 3);

}  // namespace taskonomy::report
