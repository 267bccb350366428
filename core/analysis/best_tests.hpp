// The best transfer of a target against each other one, chosen on other images than test it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/affinity/loss_table.hpp"
#include "core/analysis/halves.hpp"
#include "core/analysis/pair_tests.hpp"

namespace taskonomy::analysis {

/// Of one target.
struct BestTests {
  std::string target;
  Judge judge = Judge::paper;
  std::vector<PairTest> tests;  ///< better: the best one; none when the target has no transfer

  static void visit(auto& self, auto&& field) {
    field("target", self.target);
    field("judge", self.judge);
    field("tests", self.tests);
  }
};

/// Tests the best transfer of a target (by affinity) against each other one; self stands aside, as Quality compares with
/// it. In the paper's way it is chosen and tested on all images; by halves, the best of each half is tested on the other, p is
/// twice the mean of both one-sided p-values (valid whatever their dependence; Rueschendorf 1982), the win rate is
/// the mean of both, and `better` is the best on all images. A half whose best is the other competitor itself counts
/// as p = 1 and a win rate of one half. q: Benjamini and Hochberg over these tests of one target. Falls back to the
/// paper's way where too_few_to_halve(). Throws Error as affinity_of().
[[nodiscard]] BestTests test_best(const affinity::LossTable& losses, Judge judge, Block block,
                                  std::uint64_t seed);

}  // namespace taskonomy::analysis
