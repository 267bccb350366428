#include "core/affinity/ahp.hpp"

#include <Eigen/LU>
#include <stdexcept>

namespace taskonomy::affinity {

namespace {

/// min and max of (A x)_i / x_i: they enclose the principal eigenvalue (Collatz,
/// Wielandt) and meet at the eigenvector.
struct Bounds {
  double low;
  double high;
  [[nodiscard]] double gap() const { return (high - low) / high; }
};

Bounds bounds_of(const Eigen::MatrixXd& matrix, const Eigen::VectorXd& vector) {
  const Eigen::ArrayXd ratio = (matrix * vector).array() / vector.array();
  return {ratio.minCoeff(), ratio.maxCoeff()};
}

}  // namespace

Eigen::MatrixXd win_ratios(const Eigen::MatrixXd& wins) {
  const Eigen::MatrixXd clipped = wins.cwiseMax(kClip).cwiseMin(1.0 - kClip);
  return clipped.cwiseQuotient(clipped.transpose());
}

Eigen::VectorXd priorities(const Eigen::MatrixXd& wins) {
  if (wins.rows() != wins.cols() || wins.rows() == 0 || !wins.allFinite()) {
    throw std::logic_error("priorities(): the win matrix must be square, finite and not empty");
  }
  const Eigen::MatrixXd matrix = win_ratios(wins);
  Eigen::VectorXd vector = matrix.rowwise().sum();
  vector /= vector.sum();
  Bounds bounds = bounds_of(matrix, vector);
  constexpr double kGap = 1e-14;
  constexpr int kSteps = 100;  // six to ten are usual
  for (int step = 0; step < kSteps && bounds.gap() > kGap; ++step) {
    // The upper bound times the identity, less the matrix, is an M-matrix. Its inverse is positive, and so is
    // the next vector.
    Eigen::MatrixXd shifted = -matrix;
    shifted.diagonal().array() += bounds.high;
    Eigen::VectorXd next = shifted.partialPivLu().solve(vector);
    next /= next.sum();
    if (!next.allFinite() || next.minCoeff() <= 0.0)
      break;  // singular to the last bit: the vector is exact already
    const Bounds tighter = bounds_of(matrix, next);
    if (tighter.gap() >= bounds.gap()) break;  // rounding is all that is left
    vector = next;
    bounds = tighter;
  }
  return vector;
}

}  // namespace taskonomy::affinity
