// Resampled tournaments against tables with repeated images; intervals and inclusions against the binomial
// distribution that they have in small cases.
#include "core/analysis/bootstrap.hpp"

#include <cmath>
#include <random>

#include "core/analysis/resampling.hpp"
#include "core/base/error.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;
using analysis::Block;

namespace {

std::vector<std::string> image_names(std::size_t rooms, std::size_t views) {
  std::vector<std::string> names;
  for (std::size_t room = 0; room < rooms; ++room) {
    for (std::size_t view = 0; view < views; ++view)
      names.push_back("room-" + std::to_string(room) + "/single_" + std::to_string(view));
  }
  return names;
}

affinity::LossTable random_losses(const std::string& target, const std::vector<std::string>& competitors,
                                  std::size_t images, unsigned seed) {
  std::mt19937 engine(seed);
  affinity::LossTable table{target, image_names(images, 1), {}, {}};
  for (const auto& name : competitors) {
    std::vector<double> row;
    for (std::size_t n = 0; n < images; ++n) row.push_back(static_cast<double>(engine() % 12));  // ties
    table.add(name, row);
  }
  return table;
}

/// P(X <= k) of a binomial distribution.
double binomial_share(int n, double p, int k) {
  double sum = 0.0;
  for (int i = 0; i <= k; ++i) {
    sum += std::exp(std::lgamma(n + 1.0) - std::lgamma(i + 1.0) - std::lgamma(n - i + 1.0) + i * std::log(p) +
                    (n - i) * std::log(1 - p));
  }
  return sum;
}

/// `a` beats `b` for target t on the first `wins` of n images.
affinity::LossTable duel(const std::string& target, std::size_t wins, std::size_t rooms, std::size_t views) {
  affinity::LossTable table{target, image_names(rooms, views), {}, {}};
  const std::size_t images = rooms * views;
  std::vector<double> a(images, 1.0), b(images, 0.5);
  for (std::size_t n = 0; n < wins; ++n) a[n] = 0.0;
  table.add("a", a);
  table.add("b", b);
  table.add(affinity::kScratch, b);
  return table;
}

const analysis::TransferIntervals& row_of(const analysis::Bootstrap& result, const std::string& source) {
  for (const auto& row : result.transfers) {
    if (row.sources.front() == source) return row;
  }
  throw std::logic_error("no such row");
}

}  // namespace

TEST_CASE("weighing an image is repeating it") {
  auto table = random_losses("t", {"t", "a", "b", "a+b", "(scratch)"}, 40, 1);
  table.loss[2][5] = std::nan("");
  std::mt19937 engine(2);
  analysis::ImageWeights weights(40, 3);
  weights.col(0).setOnes();
  for (int r = 1; r < 3; ++r) {
    for (int n = 0; n < 40; ++n) weights(n, r) = static_cast<float>(engine() % 4);
  }
  const auto tournaments = analysis::play_resampled(table, weights);
  REQUIRE(tournaments.size() == 3);
  for (int r = 0; r < 3; ++r) {
    affinity::LossTable repeated{"t", {}, {}, {}};
    std::vector<std::vector<double>> rows(table.competitors.size());
    for (std::size_t n = 0; n < 40; ++n) {
      for (int times = 0; times < static_cast<int>(weights(static_cast<int>(n), r)); ++times) {
        repeated.images.push_back(std::to_string(repeated.images.size()));
        for (std::size_t k = 0; k < rows.size(); ++k) rows[k].push_back(table.loss[k][n]);
      }
    }
    for (std::size_t k = 0; k < rows.size(); ++k) repeated.add(table.competitors[k], rows[k]);
    const auto played = affinity::play(repeated);
    CHECK(tournaments[static_cast<std::size_t>(r)].competitors == played.competitors);
    CHECK((tournaments[static_cast<std::size_t>(r)].wins - played.wins).cwiseAbs().maxCoeff() < 1e-15);
  }
  CHECK_THROWS_AS((void)analysis::play_resampled(table, analysis::ImageWeights::Zero(40, 1)),
                  std::logic_error);
}

TEST_CASE("a win rate's interval is that of the binomial distribution; affinities follow in closed form") {
  taxonomy::Options options;
  analysis::BootstrapOptions how;
  how.replicates = 4000;
  how.level = 0.9;
  const int n = 101;
  const auto result = analysis::bootstrap({duel("t", 60, n, 1)}, options, how);
  CHECK(result.images == 101);
  CHECK(result.blocks == 101);
  const auto& a = row_of(result, "a");
  const double rate = 60.0 / n;
  CHECK(a.gain.estimate == doctest::Approx(rate));
  const auto share = [&](double end) {
    return binomial_share(n, rate, static_cast<int>(std::lround(end * n)));
  };
  CHECK(share(a.gain.low) == doctest::Approx(0.05).epsilon(0.5));
  CHECK(share(a.gain.high) == doctest::Approx(0.95).epsilon(0.03));
  // Two competitors: w'_ab = r / (1 - r), so the weight of a is r itself, replicate by replicate.
  CHECK(a.affinity.low == doctest::Approx(a.gain.low));
  CHECK(a.affinity.high == doctest::Approx(a.gain.high));
  CHECK(std::isnan(a.quality.low));  // the target's own network is not among the rows
}

TEST_CASE("at budget 1 the better source is chosen as often as the binomial says") {
  taxonomy::Options options;
  analysis::BootstrapOptions how;
  how.replicates = 4000;
  const int n = 101;
  const auto result = analysis::bootstrap({duel("t", 55, n, 1)}, options, how);
  REQUIRE(result.budgets.size() == 1);  // one source is all that one target can use
  const auto& budget = result.budgets.front();
  CHECK(budget.budget == 1.0);
  REQUIRE(budget.sources.size() == 2);
  const double expected = 1.0 - binomial_share(n, 55.0 / n, n / 2);
  CHECK(budget.sources[0].source == "a");
  CHECK(budget.sources[0].chosen);
  CHECK(std::abs(budget.sources[0].probability - expected) < 0.03);
  CHECK(budget.sources[0].probability + budget.sources[1].probability == doctest::Approx(1.0));
  REQUIRE(budget.transfers.size() == 2);
  CHECK(budget.transfers[0].probability == budget.sources[0].probability);
  CHECK_FALSE(budget.transfers[1].chosen);
  CHECK(budget.objective.low <= budget.objective.estimate);
  CHECK(budget.objective.estimate <= budget.objective.high);
}

TEST_CASE("targets that share their images share the draws") {
  taxonomy::Options options;
  analysis::BootstrapOptions how;
  how.replicates = 300;
  const auto result = analysis::bootstrap({duel("t", 55, 101, 1), duel("u", 55, 101, 1)}, options, how);
  CHECK(result.images == 101);
  CHECK(result.transfers[0].affinity.low == result.transfers[2].affinity.low);
  CHECK(result.transfers[0].affinity.high == result.transfers[2].affinity.high);
  // Both targets want the same source in every draw, so budget 1 is all that is ever needed.
  const auto& sources = result.budgets.front().sources;
  CHECK(sources[0].probability + sources[1].probability == doctest::Approx(1.0));
}

TEST_CASE("same seed, same answer; scenes as blocks widen the intervals of alike images") {
  taxonomy::Options options;
  analysis::BootstrapOptions how;
  how.replicates = 500;
  const auto table = duel("t", 160, 30, 8);  // whole rooms of one mind
  const auto width = [&](const analysis::BootstrapOptions& asked) {
    const auto result = analysis::bootstrap({table}, options, asked);
    return row_of(result, "a").gain.high - row_of(result, "a").gain.low;
  };
  CHECK(width(how) == width(how));
  const auto first = analysis::bootstrap({table}, options, how);
  std::size_t differ = 0;
  for (std::uint64_t seed = 2; seed < 8; ++seed) {
    auto other = how;
    other.seed = seed;
    const auto second = analysis::bootstrap({table}, options, other);
    differ += row_of(first, "a").gain.low != row_of(second, "a").gain.low ||
                      row_of(first, "a").gain.high != row_of(second, "a").gain.high
                  ? 1
                  : 0;
  }
  CHECK(differ > 0);  // quantiles of few values: some seeds may agree
  auto by_scene = how;
  by_scene.block = Block::scene;
  CHECK(width(by_scene) > 2.0 * width(how));  // sqrt(8) in theory
  CHECK(analysis::bootstrap({table}, options, by_scene).blocks == 30);
}

TEST_CASE(
    "a scene is drawn once for all targets, whatever kinds of views they have of it, and counted once") {
  // a wins in the first 12 of 30 rooms, in single views for t and in pairs for u: with each draw alike.
  auto single = duel("t", 12 * 4, 30, 4), pairs = duel("u", 12 * 2, 30, 2);
  for (auto& image : pairs.images) image.replace(image.find("single"), 6, "fixated_pair");
  analysis::BootstrapOptions how;
  how.replicates = 100;
  how.block = Block::scene;
  const auto result = analysis::bootstrap({single, pairs}, {}, how);
  CHECK(result.blocks == 30);
  CHECK(result.images == 30 * 4 + 30 * 2);
  std::vector<analysis::Interval> gains;
  for (const auto& row : result.transfers)
    if (row.sources.front() == "a") gains.push_back(row.gain);
  REQUIRE(gains.size() == 2);
  CHECK(gains[0].low == gains[1].low);
  CHECK(gains[0].high == gains[1].high);
  how.block = Block::image;
  CHECK(analysis::bootstrap({single, pairs}, {}, how).blocks == 30 * 4 + 30 * 2);
}

TEST_CASE("scenes are drawn unless the splits divide them or there are fewer than eight") {
  CHECK(analysis::default_block({"t", image_names(8, 4), {}, {}}) == Block::scene);
  CHECK(analysis::default_block({"t", image_names(7, 40), {}, {}}) == Block::image);
  CHECK(analysis::default_block({"t", image_names(30, 4), {}, {}, false}) == Block::image);
}

TEST_CASE("a target with one usable image keeps it in every draw; options are checked") {
  auto table = duel("t", 2, 5, 1);
  for (std::size_t n = 1; n < 5; ++n) table.loss[0][n] = std::nan("");
  analysis::BootstrapOptions how;
  how.replicates = 50;
  const auto result = analysis::bootstrap({table}, {}, how);
  CHECK(row_of(result, "a").gain.low == 1.0);
  how.replicates = 1;
  CHECK_THROWS_WITH_AS((void)analysis::bootstrap({table}, {}, how), doctest::Contains("replicates"),
                       base::Error);
  how.replicates = 10;
  how.level = 1.0;
  CHECK_THROWS_WITH_AS((void)analysis::bootstrap({table}, {}, how), doctest::Contains("level"), base::Error);
}

TEST_CASE("quantiles and percentile intervals, linear between neighbours, NaN left out") {
  CHECK(analysis::quantile({1, 2, 3, 4}, 0.5) == 2.5);
  CHECK(analysis::quantile({1, 2, 3, 4}, 1.0) == 4.0);
  CHECK(std::isnan(analysis::quantile({}, 0.5)));
  const auto interval = analysis::percentile_interval(2.0, {5, std::nan(""), 1, 2, 3, 4}, 0.5);
  CHECK(interval.low == 2.0);
  CHECK(interval.high == 4.0);
  CHECK(analysis::normal_quantile(0.975) == doctest::Approx(1.959963985));
  CHECK(analysis::normal_share(-1.959963985) == doctest::Approx(0.025));
  // Student's t from tables.
  CHECK(analysis::student_quantile(0.975, 2) == doctest::Approx(4.303).epsilon(0.02));
  CHECK(analysis::student_quantile(0.95, 2) == doctest::Approx(2.920).epsilon(0.02));
  CHECK(analysis::student_quantile(0.995, 2) == doctest::Approx(9.925).epsilon(0.05));
  CHECK(analysis::student_quantile(0.975, 10) == doctest::Approx(2.228).epsilon(1e-3));
  CHECK(analysis::student_quantile(0.975, 100) == doctest::Approx(1.984).epsilon(1e-3));
}
