// Step III, second half: Saaty's analytic hierarchy process turns win shares into one weight per competitor.
#pragma once

#include <Eigen/Core>

namespace taskonomy::affinity {

/// Win shares are clipped to [kClip, 1 - kClip]. Otherwise a competitor that never loses would be infinitely
/// good.
inline constexpr double kClip = 0.001;

/// The matrix W' of win ratios: w'_ij = c_ij / c_ji, where c are the clipped win shares. [K,K] -> [K,K];
/// positive, and w'_ij w'_ji = 1.
[[nodiscard]] Eigen::MatrixXd win_ratios(const Eigen::MatrixXd& wins);

/// The weights of the competitors: the principal eigenvector w of W' = win_ratios(wins), scaled to sum 1;
/// larger is better. W' is positive, hence w is unique and positive (Perron). If wins_ij = p_i / (p_i + p_j),
/// then w = p / sum(p). wins: [K,K] in [0,1], K >= 1, without NaN (std::logic_error else). Result: [K],
/// accurate to 1e-12 relative per entry in the usual case and to 1e-10 always; the same matrix gives the same
/// bits.
///
/// Computed by Noda's inverse iteration (Noda 1971), which converges for every positive matrix, at least
/// quadratically at the end, and keeps the iterates positive.
[[nodiscard]] Eigen::VectorXd priorities(const Eigen::MatrixXd& wins);

}  // namespace taskonomy::affinity
