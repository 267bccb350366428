// Step III, second half: Saaty's analytic hierarchy process turns win shares into one weight per competitor.
#pragma once

#include <Eigen/Core>

namespace taskonomy::affinity {

/// Win shares are clipped to [kClip, 1 - kClip]: a competitor that never loses would else be infinitely good.
inline constexpr double kClip = 0.001;

/// W': w'_ij = c_ij / c_ji of the clipped win shares. [K,K] -> [K,K], positive, w'_ij w'_ji = 1.
[[nodiscard]] Eigen::MatrixXd win_ratios(const Eigen::MatrixXd& wins);

/// w = the principal eigenvector of W', w'_ij = c_ij / c_ji with c = wins clipped, scaled to sum 1; larger is
/// better. W' is positive, hence w is unique and positive (Perron). If wins_ij = p_i / (p_i + p_j), then w =
/// p / sum(p). wins [K,K] in [0,1] without NaN (std::logic_error else), K >= 1; result [K], accurate to 1e-12
/// relative per entry in the usual case and to 1e-10 always. Computed by Noda's inverse iteration (Noda 1971;
/// converges for every positive matrix, at least quadratically at the end, and keeps the iterates positive).
/// Same bits for the same matrix.
[[nodiscard]] Eigen::VectorXd priorities(const Eigen::MatrixXd& wins);

}  // namespace taskonomy::affinity
