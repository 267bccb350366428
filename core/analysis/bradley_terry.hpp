// Bradley and Terry's model beside AHP: another way from win shares to strengths, as a check.
#pragma once

#include <Eigen/Core>

namespace taskonomy::analysis {

/// Maximum likelihood of P(i beats j) = p_i / (p_i + p_j) from win shares [K,K] in [0,1] (Bradley, Terry
/// 1952), scaled to sum 1; larger is better. Shares are clipped as for AHP (affinity::kClip), so that the
/// maximum exists and is unique (Ford 1957). If wins_ij = p_i / (p_i + p_j) within the clip, the answer is p
/// / sum(p). Newton's method on log p, whose likelihood is concave. K >= 1; std::logic_error for another
/// shape.
[[nodiscard]] Eigen::VectorXd bradley_terry(const Eigen::MatrixXd& wins);

}  // namespace taskonomy::analysis
