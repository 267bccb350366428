#include "core/analysis/interval.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/base/csv.hpp"

namespace taskonomy::analysis {

std::string csv_cell(const Interval& interval) {
  using base::csv_cell;
  return csv_cell(interval.estimate) + "," + csv_cell(interval.low) + "," + csv_cell(interval.high);
}

double quantile(const std::vector<double>& ascending, double share) {
  if (ascending.empty()) return affinity::kUnknown;
  const double place = share * static_cast<double>(ascending.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  if (below + 1 >= ascending.size()) return ascending.back();
  const double part = place - static_cast<double>(below);
  return ascending[below] + part * (ascending[below + 1] - ascending[below]);
}

Interval percentile_interval(double estimate, std::vector<double> replicates, double level) {
  std::erase_if(replicates, [](double value) { return std::isnan(value); });
  std::sort(replicates.begin(), replicates.end());
  const double tail = 0.5 * (1.0 - level);
  return {estimate, quantile(replicates, tail), quantile(replicates, 1.0 - tail)};
}

double normal_share(double z) { return 0.5 * std::erfc(-z / std::numbers::sqrt2); }

double normal_quantile(double share) {
  // Bisection is fast enough for the few quantiles that are asked for and needs no approximation formula.
  double low = -40.0;
  double high = 40.0;
  for (int step = 0; step < 100; ++step) {
    const double middle = 0.5 * (low + high);
    (normal_share(middle) < share ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

double student_quantile(double share, double freedom) {
  const double z = normal_quantile(share), square = z * z, n = freedom;
  const double first = z * (square + 1) / 4;
  const double second = z * ((5 * square + 16) * square + 3) / 96;
  const double third = z * (((3 * square + 19) * square + 17) * square - 15) / 384;
  const double fourth = z * ((((79 * square + 776) * square + 1482) * square - 1920) * square - 945) / 92160;
  return z + (first + (second + (third + fourth / n) / n) / n) / n;
}

}  // namespace taskonomy::analysis
