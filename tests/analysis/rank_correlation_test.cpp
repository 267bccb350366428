// Rank correlations: textbook values, ties, and intervals that cover the truth as often as they promise.
#include "core/analysis/rank_correlation.hpp"

#include <cmath>
#include <numbers>
#include <random>

#include "tests/support/testing.hpp"

using namespace taskonomy;
using analysis::kendall;
using analysis::spearman;

namespace {

/// The share of samples of n pairs from a bivariate normal distribution whose interval covers the true value.
template <typename Correlation, typename IntervalOf>
double coverage(double rho, double truth, std::size_t n, Correlation correlation, IntervalOf interval) {
  std::mt19937 engine(3);
  std::normal_distribution<double> normal;
  int covered = 0;
  constexpr int kSamples = 2000;
  for (int k = 0; k < kSamples; ++k) {
    std::vector<double> x, y;
    for (std::size_t i = 0; i < n; ++i) {
      x.push_back(normal(engine));
      y.push_back(rho * x.back() + std::sqrt(1 - rho * rho) * normal(engine));
    }
    const auto found = interval(correlation(x, y), n, 0.9);
    covered += found.low <= truth && truth <= found.high ? 1 : 0;
  }
  return covered / static_cast<double>(kSamples);
}

}  // namespace

TEST_CASE("Spearman: order alone counts, ties share ranks, textbook value") {
  CHECK(spearman({1, 2, 3, 4}, {10, 200, 3000, 3001}) == doctest::Approx(1.0));
  CHECK(spearman({1, 2, 3, 4}, {4, 3, 2, 1}) == doctest::Approx(-1.0));
  // IQ and hours of television, the usual textbook example: -29/165.
  CHECK(spearman({106, 100, 86, 101, 99, 103, 97, 113, 112, 110}, {7, 27, 2, 50, 28, 29, 20, 12, 6, 17}) ==
        doctest::Approx(-29.0 / 165.0));
  // Ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4: covariance 4.5, variances 4.5 and 5.
  CHECK(spearman({0, 1, 1, 2}, {1, 2, 3, 4}) == doctest::Approx(4.5 / std::sqrt(4.5 * 5.0)));
  CHECK(std::isnan(spearman({1, 1, 1}, {1, 2, 3})));
  CHECK(std::isnan(spearman({1}, {1})));
  CHECK_THROWS_AS((void)spearman({1}, {1, 2}), std::logic_error);
}

TEST_CASE("Kendall: counted pairs, ties by tau-b") {
  CHECK(kendall({1, 2, 3, 4}, {1, 2, 3, 4}) == 1.0);
  CHECK(kendall({1, 2, 3, 4}, {9, 5, 3, 2}) == -1.0);
  // Of the six pairs of 1 2 3 4 against 1 3 2 4 one is the other way round.
  CHECK(kendall({1, 2, 3, 4}, {1, 3, 2, 4}) == doctest::Approx(4.0 / 6.0));
  // One tie in a: five pairs untied in a, six in b, all five concordant.
  CHECK(kendall({0, 1, 1, 2}, {1, 2, 3, 4}) == doctest::Approx(5.0 / std::sqrt(30.0)));
  CHECK(std::isnan(kendall({1, 1}, {1, 2})));
  CHECK_THROWS_AS((void)kendall({1}, {}), std::logic_error);
}

TEST_CASE("nine intervals in ten cover the truth, which normal pairs have in closed form") {
  const double rho = 0.6;
  const double spearman_truth = 6.0 / std::numbers::pi * std::asin(rho / 2.0);
  const double kendall_truth = 2.0 / std::numbers::pi * std::asin(rho);
  CHECK(std::abs(coverage(rho, spearman_truth, 30, spearman, analysis::spearman_interval) - 0.9) < 0.025);
  CHECK(std::abs(coverage(rho, kendall_truth, 30, kendall, analysis::kendall_interval) - 0.9) < 0.025);
}

TEST_CASE("intervals: a perfect order leaves an open end, few items none") {
  const auto perfect = analysis::spearman_interval(1.0, 10, 0.95);
  CHECK(perfect.high == 1.0);
  CHECK(perfect.low < 1.0);
  CHECK(perfect.low > analysis::spearman_interval(0.9, 10, 0.95).low);
  CHECK(analysis::kendall_interval(-1.0, 10, 0.95).low == -1.0);
  CHECK(std::isnan(analysis::spearman_interval(0.5, 3, 0.95).low));
  CHECK(analysis::spearman_interval(0.5, 3, 0.95).estimate == 0.5);
  CHECK(std::isnan(analysis::kendall_interval(0.5, 4, 0.95).low));
}
