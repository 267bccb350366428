// An estimate, and the interval in which the true value may well lie.
#pragma once

#include <string>
#include <vector>

#include "core/affinity/affinity_table.hpp"

namespace taskonomy::analysis {

/// An estimate with its interval; all NaN: unknown.
struct Interval {
  double estimate = affinity::kUnknown;
  double low = affinity::kUnknown;
  double high = affinity::kUnknown;

  static void visit(auto& self, auto&& field) {
    field("estimate", self.estimate);
    field("low", self.low);
    field("high", self.high);
  }
};

/// Three cells of a CSV file: estimate, low, high.
[[nodiscard]] std::string csv_cell(const Interval& interval);

/// The value below which `share` (in [0,1]) of the values lies, linear between neighbours (R's type 7).
/// Expects ascending values; NaN when there are none.
[[nodiscard]] double quantile(const std::vector<double>& ascending, double share);

/// The interval of the percentile bootstrap: the middle `level` (in (0,1)) of the replicates (Efron,
/// Tibshirani 1993, section 13.3). Leaves out replicates that are NaN; without any other the ends are NaN.
[[nodiscard]] Interval percentile_interval(double estimate, std::vector<double> replicates, double level);

/// The share of a standard normal distribution's values that lie below z.
[[nodiscard]] double normal_share(double z);
/// Its inverse: the z below which `share` (in (0,1)) of the values lie.
[[nodiscard]] double normal_quantile(double share);
/// The same of Student's t with `freedom` >= 1 degrees of freedom, for shares of 0.9 to 0.995: within 5 % of it from 2
/// degrees on (Abramowitz and Stegun 26.7.5, four terms).
[[nodiscard]] double student_quantile(double share, double freedom);

}  // namespace taskonomy::analysis
