// Which of two transfers is better, and is it luck? Paired permutation tests, false discoveries under
// control.
#pragma once

#include <string>
#include <vector>

#include "core/affinity/loss_table.hpp"
#include "core/analysis/blocks.hpp"

namespace taskonomy::analysis {

/// Two competitors for one target.
struct PairTest {
  std::string target;
  std::string better;  ///< the one that wins more, the first of the loss table's order when equal
  std::string worse;
  double win_rate = 0.5;  ///< of `better` over `worse`, ties half each; [0.5,1]
  double p = 1.0;         ///< two-sided, exact
  double q = 1.0;         ///< adjusted: the smallest false discovery rate at which the pair still counts
};

/// All pairs of competitors (references aside) of all tables. Were two alike, the outcome on each block of
/// images could as well be the other way round: p is the share of all 2^B flips of the blocks' outcomes for
/// which wins minus losses is as far from 0 as it was. Exact, not sampled. q over all pairs of all targets
/// together. Throws Error naming a target without a usable image. O(K^2 N) for blocks of one image each.
[[nodiscard]] std::vector<PairTest> pair_tests(const std::vector<affinity::LossTable>& tables, Block block);

/// The two-sided p-value of sum(s_b) under independent flips of the signs of s; 1 for an empty list.
[[nodiscard]] double sign_flip_p(const std::vector<int>& sums);

/// Benjamini and Hochberg (1995): q_(i) = min over j >= i of p_(j) m / j, in the order of the input.
[[nodiscard]] std::vector<double> benjamini_hochberg(const std::vector<double>& p);

}  // namespace taskonomy::analysis
