// Rank correlations with their intervals, and the comparison of two tables.
#include "core/analysis/agreement.hpp"

#include <cmath>
#include <numbers>
#include <random>

#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/published.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;
using analysis::kendall;
using analysis::spearman;
using tests::published;

namespace {

analysis::TaskNames names() {
  return analysis::read_task_names(TASKONOMY_SOURCE_DIR "/share/published/task_names.csv");
}

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

TEST_CASE("a table agrees with itself under other names; self and higher orders play no part") {
  const auto table = published();
  const auto ours = analysis::with_our_names(table, names());
  const auto result = analysis::compare(ours, ours);
  CHECK(result.targets.size() == 22);
  CHECK(result.spearman.estimate == doctest::Approx(1.0));
  CHECK(result.kendall.estimate == doctest::Approx(1.0));
  CHECK(result.same_best == 1.0);
  auto changed = ours;
  for (auto& row : changed.rows) {
    if (row.is_self() || row.sources.size() > 1) row.affinity = 0.0;
    row.affinity *= row.affinity;
  }
  CHECK(analysis::compare(ours, changed).spearman.estimate == doctest::Approx(1.0));
  for (const auto& one : result.targets) {
    for (const auto& source : one.sources) CHECK(source != one.target);
  }
}

TEST_CASE("names of tasks: those that are not in the file stay, what is wrong with the file is said") {
  const auto ours = analysis::with_our_names({{{{"x", "rgb2depth"}, "rgb2sfnorm", 0.1}}}, names());
  CHECK(ours.rows[0].sources == std::vector<std::string>{"x", "depth_zbuffer"});
  CHECK(ours.rows[0].target == "normal");
  const tests::Folder folder;
  const auto file = folder / "names.csv";
  const auto refused = [&](const std::string& text, const std::string& message) {
    base::write_file(file, text);
    CHECK_THROWS_WITH_AS((void)analysis::read_task_names(file), (file.string() + message).c_str(),
                         base::Error);
  };
  refused("a,b\n", ":1: expected the columns published,ours");
  refused("published,ours\nx\n", ":2: expected the columns published,ours");
  refused("published,ours\nx,\n", ":2: ours: expected a task's name, got \"\"");
  refused("published,ours\nx,y\nx,z\n", ":3: published: expected each name once, got \"x\"");
}

TEST_CASE("only what both tables have is compared") {
  const auto ours = analysis::with_our_names(published(), names());
  const affinity::AffinityTable small{{{{"random"}, "normal", 0.1},
                                       {{"reshading"}, "normal", 0.5},
                                       {{"x"}, "normal", 0.9},
                                       {{"x"}, "unknown", 0.2}}};
  const auto shared = analysis::compare(small, ours);
  REQUIRE(shared.targets.size() == 1);
  CHECK(shared.targets[0].sources == std::vector<std::string>{"random", "reshading"});
  CHECK(shared.targets[0].spearman.estimate == doctest::Approx(1.0));
  CHECK(shared.targets[0].best_in_a == "reshading");
  CHECK(shared.same_best == 1.0);
  const auto nothing = analysis::compare(small, {{{{"y"}, "z", 1.0}}});
  CHECK(nothing.targets.empty());
  CHECK(std::isnan(nothing.spearman.estimate));
  CHECK_THROWS_AS((void)analysis::compare(small, ours, 1.0), base::Error);
}

TEST_CASE("the mean's interval encloses it and is the same for the same seed") {
  const auto ours = analysis::with_our_names(published(), names());
  auto other = ours;
  std::mt19937 engine(5);
  for (auto& row : other.rows) row.affinity *= std::exp(std::normal_distribution<double>()(engine));
  const auto result = analysis::compare(ours, other);
  CHECK(result.spearman.low < result.spearman.estimate);
  CHECK(result.spearman.estimate < result.spearman.high);
  CHECK(result.spearman.estimate < 0.95);
  CHECK(analysis::compare(ours, other).spearman.low == result.spearman.low);
}
