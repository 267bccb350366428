// Tournaments drawn from known strengths, Saaty's random index by simulation, cyclic triples by Kendall's
// formula.
#include "core/analysis/consistency.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "core/base/error.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;

namespace {

Eigen::MatrixXd expected_wins(const std::vector<double>& strengths) {
  const auto size = static_cast<Eigen::Index>(strengths.size());
  Eigen::MatrixXd wins(size, size);
  for (Eigen::Index i = 0; i < size; ++i) {
    for (Eigen::Index j = 0; j < size; ++j) {
      const double own = strengths[static_cast<std::size_t>(i)];
      wins(i, j) = own / (own + strengths[static_cast<std::size_t>(j)]);
    }
  }
  return wins;
}

/// Shares of `games` drawn games of each pair.
Eigen::MatrixXd drawn_wins(const std::vector<double>& strengths, int games, unsigned seed) {
  std::mt19937 engine(seed);
  Eigen::MatrixXd wins = expected_wins(strengths);
  for (Eigen::Index i = 0; i < wins.rows(); ++i) {
    for (Eigen::Index j = i + 1; j < wins.cols(); ++j) {
      wins(i, j) = std::binomial_distribution<int>(games, wins(i, j))(engine) / static_cast<double>(games);
      wins(j, i) = 1.0 - wins(i, j);
    }
  }
  return wins;
}

affinity::Tournament tournament_of(const Eigen::MatrixXd& wins) {
  affinity::Tournament result;
  for (Eigen::Index k = 0; k < wins.rows(); ++k) result.competitors.push_back("s" + std::to_string(k));
  result.wins = wins;
  result.images = 100;
  return result;
}

double mean_random_index(int size, int matrices) {
  std::mt19937 engine(11);
  double sum = 0.0;
  for (int m = 0; m < matrices; ++m) {
    Eigen::MatrixXd judged = Eigen::MatrixXd::Ones(size, size);
    for (int i = 0; i < size; ++i) {
      for (int j = i + 1; j < size; ++j) {
        const int pick = static_cast<int>(engine() % 17) - 8;  // 1/9..1/2, 1, 2..9
        judged(i, j) = pick < 0 ? 1.0 / (1 - pick) : 1.0 + pick;
        judged(j, i) = 1.0 / judged(i, j);
      }
    }
    const double eigenvalue = judged.eigenvalues().real().maxCoeff();
    sum += (eigenvalue - size) / (size - 1.0);
  }
  return sum / matrices;
}

}  // namespace

TEST_CASE("Bradley-Terry returns the strengths of a consistent tournament, of one and of 60 competitors") {
  for (const std::size_t size : {1, 2, 7, 60}) {
    std::vector<double> strengths(size);
    std::iota(strengths.begin(), strengths.end(), 2.0);
    const double sum = std::accumulate(strengths.begin(), strengths.end(), 0.0);
    const auto found = analysis::bradley_terry(expected_wins(strengths));
    for (std::size_t k = 0; k < size; ++k)
      CHECK(found(static_cast<Eigen::Index>(k)) == doctest::Approx(strengths[k] / sum).epsilon(1e-9));
  }
}

TEST_CASE("Bradley-Terry sits where the likelihood's gradient is zero, clipped wins and all") {
  Eigen::MatrixXd wins(3, 3);
  wins << 0.5, 1.0, 0.4, 0.0, 0.5, 0.7, 0.6, 0.3, 0.5;
  const auto p = analysis::bradley_terry(wins);
  const Eigen::MatrixXd clipped = wins.cwiseMax(0.001).cwiseMin(0.999);
  for (int i = 0; i < 3; ++i) {
    double gradient = 0.0;
    for (int j = 0; j < 3; ++j) gradient += i == j ? 0.0 : clipped(i, j) - p(i) / (p(i) + p(j));
    CHECK(std::abs(gradient) < 1e-10);
  }
  CHECK(p.sum() == doctest::Approx(1.0));
  // Nobody ever beats the first, nobody ever loses to the last: far apart, still finite.
  Eigen::MatrixXd ladder(3, 3);
  ladder << 0.5, 1.0, 1.0, 0.0, 0.5, 1.0, 0.0, 0.0, 0.5;
  const auto steps = analysis::bradley_terry(ladder);
  CHECK(steps(0) > 100 * steps(1));
  CHECK(steps(2) > 0.0);
  CHECK_THROWS_AS((void)analysis::bradley_terry(Eigen::MatrixXd(2, 3)), std::logic_error);
}

TEST_CASE("on tournaments drawn from known strengths AHP and Bradley-Terry recover the order") {
  const std::vector<double> strengths{1, 2, 4, 8, 16, 32, 64};
  for (unsigned seed = 0; seed < 20; ++seed) {
    const auto result = analysis::consistency_of("t", tournament_of(drawn_wins(strengths, 500, seed)));
    CHECK(std::is_sorted(result.ahp.begin(), result.ahp.end()));
    CHECK(std::is_sorted(result.bradley_terry.begin(), result.bradley_terry.end()));
    CHECK(result.spearman == doctest::Approx(1.0));
    CHECK(result.ratio < 0.1);
    CHECK(result.cyclic_share == 0.0);
  }
}

TEST_CASE(
    "a consistent tournament has eigenvalue K and ratio 0; coin flips have a quarter of their triples "
    "cyclic") {
  const auto exact = analysis::consistency_of("t", tournament_of(expected_wins({1, 2, 3, 5, 8})));
  CHECK(exact.eigenvalue == doctest::Approx(5.0).epsilon(1e-12));
  CHECK(std::abs(exact.ratio) < 1e-12);
  Eigen::MatrixXd flips = Eigen::MatrixXd::Constant(60, 60, 0.5);
  std::mt19937 engine(2);
  for (int i = 0; i < 60; ++i) {
    for (int j = i + 1; j < 60; ++j) {
      flips(i, j) = engine() % 2 == 0 ? 0.7 : 0.3;
      flips(j, i) = 1.0 - flips(i, j);
    }
  }
  CHECK(analysis::cyclic_share(flips) == doctest::Approx(0.25).epsilon(0.05));
  // Kendall and Babington Smith: the number of cyclic triples from the number of wins alone.
  double triples = 60.0 * 59.0 * 119.0 / 12.0;
  for (int i = 0; i < 60; ++i) {
    const auto won = static_cast<double>((flips.row(i).array() > 0.5).count());
    triples -= 0.5 * won * won;
  }
  CHECK(analysis::cyclic_share(flips) == doctest::Approx(triples / (60.0 * 59.0 * 58.0 / 6.0)));
}

TEST_CASE("rock, paper, scissors: every triple cyclic, the ratio bad, the strengths equal") {
  Eigen::MatrixXd wins(3, 3);
  wins << 0.5, 0.9, 0.1, 0.1, 0.5, 0.9, 0.9, 0.1, 0.5;
  const auto result = analysis::consistency_of("t", tournament_of(wins));
  CHECK(result.cyclic_share == 1.0);
  CHECK(result.eigenvalue == doctest::Approx(1.0 + 9.0 + 1.0 / 9.0));  // a circulant matrix: its row sum
  CHECK(result.ratio > 1.0);
  for (int k = 0; k < 3; ++k) {
    CHECK(result.ahp[static_cast<std::size_t>(k)] == doctest::Approx(1.0 / 3.0));
    CHECK(result.bradley_terry[static_cast<std::size_t>(k)] == doctest::Approx(1.0 / 3.0));
  }
  CHECK(std::isnan(analysis::cyclic_share(Eigen::MatrixXd::Constant(2, 2, 0.5))));
}

TEST_CASE("Saaty's random index is the mean of random judgements") {
  CHECK(analysis::random_index(4) == doctest::Approx(mean_random_index(4, 4000)).epsilon(0.06));
  CHECK(analysis::random_index(8) == doctest::Approx(mean_random_index(8, 2000)).epsilon(0.03));
  CHECK(analysis::random_index(20) == doctest::Approx(mean_random_index(20, 300)).epsilon(0.03));
  CHECK(std::isnan(analysis::random_index(2)));
}

TEST_CASE("references do not play; nobody left is an error that names the target") {
  auto tournament = tournament_of(expected_wins({1, 2, 3}));
  tournament.competitors[2] = affinity::kScratch;
  const auto result = analysis::consistency_of("t", tournament);
  CHECK(result.competitors == std::vector<std::string>{"s0", "s1"});
  CHECK(std::isnan(result.ratio));
  tournament.competitors = {affinity::kScratch, affinity::kConstant, affinity::kRandom};
  CHECK_THROWS_WITH_AS((void)analysis::consistency_of("normal", tournament),
                       doctest::Contains("target \"normal\""), base::Error);
}
