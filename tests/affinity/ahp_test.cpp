// Contracts of the analytic hierarchy process, against two independent oracles.
#include "core/affinity/ahp.hpp"

#include <Eigen/Eigenvalues>
#include <random>

#include "tests/support/testing.hpp"

using taskonomy::affinity::kClip;
using taskonomy::affinity::priorities;

namespace {

/// Win shares with w_ij + w_ji = 1; `contrast` pushes them to 0 and 1.
Eigen::MatrixXd random_wins(Eigen::Index size, unsigned seed, double contrast) {
  std::mt19937 engine(seed);
  std::uniform_real_distribution<double> uniform(-contrast, contrast);
  Eigen::MatrixXd wins = Eigen::MatrixXd::Constant(size, size, 0.5);
  for (Eigen::Index i = 0; i < size; ++i) {
    for (Eigen::Index j = i + 1; j < size; ++j) {
      wins(i, j) = 1.0 / (1.0 + std::exp(uniform(engine)));
      wins(j, i) = 1.0 - wins(i, j);
    }
  }
  return wins;
}

Eigen::MatrixXd ratios(const Eigen::MatrixXd& wins) {
  Eigen::MatrixXd matrix(wins.rows(), wins.cols());
  for (Eigen::Index i = 0; i < wins.rows(); ++i) {
    for (Eigen::Index j = 0; j < wins.cols(); ++j) {
      matrix(i, j) =
          std::min(1 - kClip, std::max(kClip, wins(i, j))) / std::min(1 - kClip, std::max(kClip, wins(j, i)));
    }
  }
  return matrix;
}

/// The principal eigenvector by a full eigendecomposition, scaled to sum 1.
Eigen::VectorXd by_decomposition(const Eigen::MatrixXd& wins) {
  const Eigen::EigenSolver<Eigen::MatrixXd> solver(ratios(wins));
  Eigen::Index principal = 0;
  solver.eigenvalues().real().maxCoeff(&principal);
  const Eigen::VectorXd vector = solver.eigenvectors().col(principal).real();
  return vector / vector.sum();
}

}  // namespace

TEST_CASE("a consistent matrix returns its weights") {
  std::mt19937 engine(7);
  std::uniform_real_distribution<double> uniform(0.02, 1.0);
  for (const Eigen::Index size : {1, 2, 3, 20, 170}) {
    Eigen::VectorXd weights(size);
    for (auto& weight : weights) weight = uniform(engine);
    weights /= weights.sum();
    Eigen::MatrixXd wins(size, size);
    for (Eigen::Index i = 0; i < size; ++i) {
      for (Eigen::Index j = 0; j < size; ++j) wins(i, j) = weights(i) / (weights(i) + weights(j));
    }
    CHECK((priorities(wins) - weights).cwiseAbs().maxCoeff() < 1e-13);
  }
}

TEST_CASE("agrees with a full eigendecomposition") {
  for (unsigned seed = 0; seed < 30; ++seed) {
    const auto wins = random_wins(2 + seed % 25, seed, seed % 3 == 0 ? 12.0 : 2.0);
    const auto expected = by_decomposition(wins);
    CHECK((priorities(wins) - expected).cwiseAbs().maxCoeff() < 1e-10);
  }
}

TEST_CASE(
    "is an eigenvector, positive, sums to one, for 170 competitors and where power iteration hardly moves") {
  // Rock, paper, scissors at the clip: the other eigenvalues have 0.9985 of the principal one's modulus.
  Eigen::MatrixXd cycle(4, 4);
  cycle << 0.5, 1.0, 0.0, 0.9, 0.0, 0.5, 1.0, 0.6, 1.0, 0.0, 0.5, 0.7, 0.1, 0.4, 0.3, 0.5;
  for (const auto& wins : {cycle, random_wins(170, 3, 3.0), random_wins(170, 4, 30.0)}) {
    const auto vector = priorities(wins);
    CHECK(vector.minCoeff() > 0.0);
    CHECK(vector.sum() == doctest::Approx(1.0).epsilon(1e-14));
    const Eigen::ArrayXd eigenvalue = (ratios(wins) * vector).array() / vector.array();
    CHECK((eigenvalue.maxCoeff() - eigenvalue.minCoeff()) / eigenvalue.maxCoeff() < 1e-11);
  }
  CHECK((priorities(cycle) - by_decomposition(cycle)).cwiseAbs().maxCoeff() < 1e-10);
}

TEST_CASE("who beats everybody is first, who never wins is last, equals share alike") {
  Eigen::MatrixXd wins(3, 3);
  wins << 0.5, 0.5, 1.0, 0.5, 0.5, 1.0, 0.0, 0.0, 0.5;
  const auto vector = priorities(wins);
  CHECK(vector(0) == doctest::Approx(vector(1)).epsilon(1e-14));
  CHECK(vector(2) == doctest::Approx(vector(0) * kClip / (1 - kClip)).epsilon(1e-12));
}

TEST_CASE("renaming the competitors permutes the weights; the same matrix gives the same bits") {
  const auto wins = random_wins(12, 5, 3.0);
  const auto vector = priorities(wins);
  CHECK(priorities(wins) == vector);
  const Eigen::MatrixXd turned = wins.reverse();
  CHECK((priorities(turned) - vector.reverse()).cwiseAbs().maxCoeff() < 1e-14);
}

TEST_CASE("a matrix with NaN is our own bug, not a person's") {
  Eigen::MatrixXd wins = Eigen::MatrixXd::Constant(2, 2, 0.5);
  wins(0, 1) = std::nan("");
  CHECK_THROWS_AS((void)priorities(wins), std::logic_error);
}
