// An estimate and how sure it is.
#pragma once

#include <vector>

#include "core/affinity/affinity_table.hpp"

namespace taskonomy::analysis {

/// An estimate with its interval; all NaN = unknown.
struct Interval {
  double estimate = affinity::kUnknown;
  double low = affinity::kUnknown;
  double high = affinity::kUnknown;
};

/// The value below which a share of the values lies, linear between neighbours (R's type 7); values
/// ascending, NaN for none. share in [0,1].
[[nodiscard]] double quantile(const std::vector<double>& ascending, double share);

/// The percentile bootstrap: the middle `level` of the replicates (Efron, Tibshirani 1993, section 13.3). NaN
/// replicates are left out; without any the ends are NaN. level in (0,1).
[[nodiscard]] Interval percentile_interval(double estimate, std::vector<double> replicates, double level);

/// The share of a standard normal distribution's values below z, and its inverse: the z that a share in (0,1)
/// lies below.
[[nodiscard]] double normal_share(double z);
[[nodiscard]] double normal_quantile(double share);

}  // namespace taskonomy::analysis
