#include "core/analysis/rank_correlation.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <string>

#include "core/affinity/affinity_table.hpp"

namespace taskonomy::analysis {

namespace {

/// Ranks from 1; tied values share the mean of their ranks.
std::vector<double> ranks(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t i, std::size_t j) { return values[i] < values[j]; });
  std::vector<double> result(values.size());
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin + 1;
    while (end < order.size() && values[order[end]] == values[order[begin]]) ++end;
    const double rank = 0.5 * static_cast<double>(begin + 1 + end);
    for (std::size_t k = begin; k < end; ++k) result[order[k]] = rank;
    begin = end;
  }
  return result;
}

void check(const std::vector<double>& a, const std::vector<double>& b, const char* name) {
  if (a.size() != b.size()) throw std::logic_error(std::string(name) + ": lists of different lengths");
}

int sign(double value) { return value > 0.0 ? 1 : value < 0.0 ? -1 : 0; }

/// The interval around r with the given standard error. |r| = 1, whose atanh is infinite, counts as `next`.
Interval fisher(double r, double next, double error, double level) {
  const double z = normal_quantile(0.5 * (1.0 + level)) * error;
  const double centre = std::atanh(std::clamp(r, -next, next));
  return {r, r <= -next ? r : std::tanh(centre - z), r >= next ? r : std::tanh(centre + z)};
}

}  // namespace

double spearman(const std::vector<double>& a, const std::vector<double>& b) {
  check(a, b, "spearman()");
  if (a.size() < 2) return affinity::kUnknown;
  const auto x = ranks(a);
  const auto y = ranks(b);
  const double mean = 0.5 * static_cast<double>(a.size() + 1);  // of any ranks
  double xy = 0.0;
  double xx = 0.0;
  double yy = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xy += (x[i] - mean) * (y[i] - mean);
    xx += (x[i] - mean) * (x[i] - mean);
    yy += (y[i] - mean) * (y[i] - mean);
  }
  return xx == 0.0 || yy == 0.0 ? affinity::kUnknown : xy / std::sqrt(xx * yy);
}

double kendall(const std::vector<double>& a, const std::vector<double>& b) {
  check(a, b, "kendall()");
  double agree = 0.0;
  double untied_a = 0.0;
  double untied_b = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t j = i + 1; j < a.size(); ++j) {
      const int in_a = sign(a[i] - a[j]);
      const int in_b = sign(b[i] - b[j]);
      agree += in_a * in_b;
      untied_a += in_a != 0 ? 1.0 : 0.0;
      untied_b += in_b != 0 ? 1.0 : 0.0;
    }
  }
  return untied_a == 0.0 || untied_b == 0.0 ? affinity::kUnknown : agree / std::sqrt(untied_a * untied_b);
}

Interval spearman_interval(double r, std::size_t n, double level) {
  if (n < 4 || std::isnan(r)) return {r};
  const auto items = static_cast<double>(n);
  return fisher(r, 1.0 - 12.0 / (items * (items * items - 1.0)),
                std::sqrt((1.0 + 0.5 * r * r) / (items - 3.0)), level);
}

Interval kendall_interval(double r, std::size_t n, double level) {
  if (n < 5 || std::isnan(r)) return {r};
  const auto items = static_cast<double>(n);
  return fisher(r, 1.0 - 4.0 / (items * (items - 1.0)), std::sqrt(0.437 / (items - 4.0)), level);
}

}  // namespace taskonomy::analysis
