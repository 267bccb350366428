// Whether a target's tournament has an order at all: the share of cyclic triples, Saaty's ratio, and Bradley
// and Terry's model as a second opinion on the strengths that AHP gives.
#pragma once

#include <Eigen/Core>
#include <string>
#include <vector>

#include "core/affinity/tournament.hpp"

namespace taskonomy::analysis {

/// One target's tournament between its transfers and self; references do not play.
struct Consistency {
  std::string target;
  std::vector<std::string> competitors;  ///< K names
  double eigenvalue = 0.0;  ///< the principal one of W'; K for a consistent tournament, else more
  double index = 0.0;       ///< (eigenvalue - K) / (K - 1); 0 for K < 2
  /// index / random_index(K); NaN for K < 3. Saaty calls values below 0.1 good, a rule made for K <= 15 and judgements of
  /// 1/9 to 9. Here K reaches 170 and ratios 999, so read the share of cyclic triples first.
  double ratio = 0.0;
  /// Of the triples: a beats b beats c beats a; 0.25 for coin flips; NaN for K < 3.
  double cyclic_share = 0.0;
  std::vector<double> ahp;            ///< [K] affinities, sum 1
  std::vector<double> bradley_terry;  ///< [K] strengths, sum 1
  double spearman = 0.0;              ///< rank correlation of those two; NaN for K < 2

  static void visit(auto& self, auto&& field) {
    field("target", self.target);
    field("cyclic_share", self.cyclic_share);
    field("eigenvalue", self.eigenvalue);
    field("index", self.index);
    field("ratio", self.ratio);
    field("competitors", self.competitors);
    field("ahp", self.ahp);
    field("bradley_terry", self.bradley_terry);
    field("spearman", self.spearman);
  }
};

/// Throws Error naming the target when nothing competes.
[[nodiscard]] Consistency consistency_of(const std::string& target, const affinity::Tournament& tournament);

/// Mean consistency index of reciprocal matrices of K random judgements from 1/9, 1/8, ..., 1, ..., 9 (Saaty
/// 1977), by Alonso and Lamata's fit (2006): their mean eigenvalue is 2.7699 K - 4.3513. NaN for K < 3.
[[nodiscard]] double random_index(std::size_t competitors);

/// The share of triples in which each beats one other on more than half of the images. NaN for fewer than
/// three rows. wins [K,K]; O(K^3).
[[nodiscard]] double cyclic_share(const Eigen::MatrixXd& wins);

/// Strengths by maximum likelihood of P(i beats j) = p_i / (p_i + p_j) from win shares [K,K] in [0,1]
/// (Bradley, Terry 1952), scaled to sum 1; larger is better. Shares are clipped as for AHP (affinity::kClip),
/// so that the maximum exists and is unique (Ford 1957). If wins_ij = p_i / (p_i + p_j) within the clip, the
/// answer is p / sum(p). Uses Newton's method on log p, in which the likelihood is concave. K >= 1; throws
/// std::logic_error for another shape.
[[nodiscard]] Eigen::VectorXd bradley_terry(const Eigen::MatrixXd& wins);

}  // namespace taskonomy::analysis
