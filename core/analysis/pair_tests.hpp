// Whether one transfer is better than another or only luckier: exact paired permutation tests, with the rate
// of false discoveries under control.
#pragma once

#include <string>
#include <vector>

#include "core/affinity/loss_table.hpp"
#include "core/analysis/resampling.hpp"

namespace taskonomy::analysis {

/// Two competitors for one target.
struct PairTest {
  std::string target;
  std::string better;  ///< the one that wins more; when equal, the first in the loss table
  std::string worse;
  double win_rate = 0.5;  ///< of `better` over `worse`, a tie counts half; [0.5,1]
  double p = 1.0;         ///< two-sided, exact
  double q = 1.0;         ///< adjusted: the smallest false discovery rate at which the pair still counts

  static void visit(auto& self, auto&& field) {
    field("target", self.target);
    field("better", self.better);
    field("worse", self.worse);
    field("win_rate", self.win_rate);
    field("p", self.p);
    field("q", self.q);
  }
};

/// Tests all pairs of competitors of all tables, references left out. If two competitors were equally good,
/// the outcome on each block of images could as well be the other way round: p is the share of all 2^B flips
/// of the blocks' outcomes whose wins minus losses are as far from 0 as the observed ones. It is computed
/// exactly, not sampled. q is adjusted over all pairs of all targets together, by Benjamini and Yekutieli, since the
/// pairs of one tournament depend on each other in both directions. Throws Error naming a target
/// without a usable image. O(K^2 N) for blocks of one image each.
[[nodiscard]] std::vector<PairTest> pair_tests(const std::vector<affinity::LossTable>& tables, Block block);

/// One such pair on the images that both have a loss for; references may be compared, too. q = p. Throws Error
/// naming target and competitor where one has no losses, and as LossTable::usable_images().
[[nodiscard]] PairTest compare(const affinity::LossTable& table, const std::string& first,
                               const std::string& second, Block block);

/// The two-sided p-value of sum(s_b) under independent flips of the signs of s; 1 for an empty list.
[[nodiscard]] double sign_flip_p(const std::vector<int>& sums);

/// Benjamini and Hochberg (1995): q_(i) = min over j >= i of p_(j) m / j, in the order of the input.
[[nodiscard]] std::vector<double> benjamini_hochberg(const std::vector<double>& p);
/// Benjamini and Yekutieli (2001): the same times 1 + 1/2 + ... + 1/m, at most 1. Holds whatever the tests' dependence.
[[nodiscard]] std::vector<double> benjamini_yekutieli(const std::vector<double>& p);

}  // namespace taskonomy::analysis
