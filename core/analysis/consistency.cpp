#include "core/analysis/consistency.hpp"

#include <Eigen/Cholesky>
#include <cmath>
#include <stdexcept>

#include "core/affinity/ahp.hpp"
#include "core/analysis/rank_correlation.hpp"
#include "core/base/error.hpp"

namespace taskonomy::analysis {

namespace {

std::vector<double> to_list(const Eigen::VectorXd& values) { return {values.begin(), values.end()}; }

/// Sum over ordered pairs of wins_ij * log sigmoid(theta_i - theta_j).
double log_likelihood(const Eigen::MatrixXd& wins, const Eigen::VectorXd& theta) {
  double sum = 0.0;
  for (Eigen::Index i = 0; i < theta.size(); ++i) {
    for (Eigen::Index j = 0; j < theta.size(); ++j) {
      if (i != j) sum -= wins(i, j) * std::log1p(std::exp(theta(j) - theta(i)));
    }
  }
  return sum;
}

/// The Newton step. The Hessian is singular along (1,...,1), where the likelihood is flat; a ridge on that
/// direction alone keeps the step's sum at 0.
Eigen::VectorXd newton_step(const Eigen::MatrixXd& wins, const Eigen::VectorXd& theta) {
  const Eigen::Index size = theta.size();
  Eigen::VectorXd gradient = Eigen::VectorXd::Zero(size);
  Eigen::MatrixXd curvature = Eigen::MatrixXd::Ones(size, size);
  for (Eigen::Index i = 0; i < size; ++i) {
    for (Eigen::Index j = 0; j < size; ++j) {
      if (i == j) continue;
      const double expected = 1.0 / (1.0 + std::exp(theta(j) - theta(i)));
      gradient(i) += wins(i, j) - expected;
      curvature(i, i) += expected * (1.0 - expected);
      curvature(i, j) -= expected * (1.0 - expected);
    }
  }
  return curvature.ldlt().solve(gradient);
}

}  // namespace

double random_index(std::size_t competitors) {
  if (competitors < 3) return affinity::kUnknown;
  const auto size = static_cast<double>(competitors);
  return (2.7699 * size - 4.3513 - size) / (size - 1.0);
}

double cyclic_share(const Eigen::MatrixXd& wins) {
  const Eigen::Index size = wins.rows();
  if (size < 3) return affinity::kUnknown;
  const auto beats = [&](Eigen::Index a, Eigen::Index b) { return wins(a, b) > 0.5; };
  double cyclic = 0.0;
  double all = 0.0;
  for (Eigen::Index a = 0; a < size; ++a) {
    for (Eigen::Index b = a + 1; b < size; ++b) {
      for (Eigen::Index c = b + 1; c < size; ++c, ++all) {
        const bool one_way = beats(a, b) && beats(b, c) && beats(c, a);
        const bool other_way = beats(b, a) && beats(c, b) && beats(a, c);
        cyclic += one_way || other_way ? 1.0 : 0.0;
      }
    }
  }
  return cyclic / all;
}

Consistency consistency_of(const std::string& target, const affinity::Tournament& tournament) {
  const auto competing = affinity::without_references(tournament);
  if (competing.competitors.empty())
    throw base::Error("target \"" + target +
                      "\": nothing competes for it, so there is no consistency to judge");
  Consistency result;
  result.target = target;
  result.competitors = competing.competitors;
  const auto size = static_cast<double>(competing.competitors.size());
  const auto weights = affinity::priorities(competing.wins);
  result.eigenvalue = ((affinity::win_ratios(competing.wins) * weights).array() / weights.array()).mean();
  result.index = size < 2.0 ? 0.0 : (result.eigenvalue - size) / (size - 1.0);
  result.ratio = result.index / random_index(competing.competitors.size());
  result.cyclic_share = cyclic_share(competing.wins);
  result.ahp = to_list(weights);
  result.bradley_terry = to_list(bradley_terry(competing.wins));
  result.spearman = spearman(result.ahp, result.bradley_terry);
  return result;
}

Eigen::VectorXd bradley_terry(const Eigen::MatrixXd& wins) {
  if (wins.rows() != wins.cols() || wins.rows() == 0 || !wins.allFinite())
    throw std::logic_error("bradley_terry(): the win matrix must be square, finite and not empty");
  const Eigen::MatrixXd clipped = wins.cwiseMax(affinity::kClip).cwiseMin(1.0 - affinity::kClip);
  Eigen::VectorXd theta = Eigen::VectorXd::Zero(wins.rows());
  constexpr int kSteps = 100;  // about ten are usual
  constexpr double kSmall = 1e-13;
  double likelihood = log_likelihood(clipped, theta);
  for (int step = 0; step < kSteps; ++step) {
    const Eigen::VectorXd full = newton_step(clipped, theta);
    double length = 1.0;
    double reached = log_likelihood(clipped, theta + full);
    while (!(reached >= likelihood) && length > 1e-6) {  // beyond the maximum: half as far
      length *= 0.5;
      reached = log_likelihood(clipped, theta + length * full);
    }
    if (!(reached >= likelihood)) break;  // rounding is all that is left
    theta += length * full;
    likelihood = reached;
    if (full.cwiseAbs().maxCoeff() < kSmall) break;
  }
  const Eigen::VectorXd strengths = (theta.array() - theta.maxCoeff()).exp();
  return strengths / strengths.sum();
}

}  // namespace taskonomy::analysis
