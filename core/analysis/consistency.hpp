// Does a target's tournament have an order at all? Saaty's ratio, cyclic triples, and a second opinion on the
// strengths.
#pragma once

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
  double ratio = 0.0;       ///< index / random_index(K): below 0.1 is good by Saaty's rule; NaN for K < 3
  double cyclic_share =
      0.0;                  ///< of the triples: a beats b beats c beats a; 0.25 for coin flips; NaN for K < 3
  std::vector<double> ahp;  ///< [K] affinities, sum 1
  std::vector<double> bradley_terry;  ///< [K] strengths, sum 1
  double spearman = 0.0;              ///< of those two; NaN for K < 2
};

/// Throws Error naming the target when nothing competes.
[[nodiscard]] Consistency consistency_of(const std::string& target, const affinity::Tournament& tournament);

/// Mean consistency index of reciprocal matrices of K random judgements from 1/9, 1/8, ..., 1, ..., 9 (Saaty
/// 1977), by Alonso and Lamata's fit (2006): their mean eigenvalue is 2.7699 K - 4.3513. NaN for K < 3.
[[nodiscard]] double random_index(std::size_t competitors);

/// The share of triples in which each beats one other on more than half of the images. NaN for fewer than
/// three rows. wins [K,K]; O(K^3).
[[nodiscard]] double cyclic_share(const Eigen::MatrixXd& wins);

}  // namespace taskonomy::analysis
