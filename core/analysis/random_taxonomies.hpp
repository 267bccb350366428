// Whether the optimum is more than luck: its Gain and Quality against those of random taxonomies of the same
// budget and order.
#pragma once

#include <cstdint>
#include <vector>

#include "core/affinity/affinity_table.hpp"
#include "core/analysis/cross_fit.hpp"

namespace taskonomy::analysis {

/// One figure of the optimum against the same of N random taxonomies.
struct AgainstRandom {
  double optimum = affinity::kUnknown;
  double mean = affinity::kUnknown;       ///< of the random ones
  double deviation = affinity::kUnknown;  ///< their standard deviation
  double p = affinity::kUnknown;          ///< (1 + how many are as good) / (1 + N)
  std::vector<double> random;             ///< N values, in the order they were drawn

  static void visit(auto& self, auto&& field) {
    field("optimum", self.optimum);
    field("mean", self.mean);
    field("deviation", self.deviation);
    field("p", self.p);
    field("random", self.random);
  }
};

struct Significance {
  double budget = 0.0;
  AgainstRandom gain;     ///< mean over targets; NaN where the table has none
  AgainstRandom quality;  ///< the same

  static void visit(auto& self, auto&& field) {
    field("budget", self.budget);
    field("gain", self.gain);
    field("quality", self.quality);
  }
};

/// Draws `count` random feasible taxonomies of the budget under the same options. A draw goes
/// through the sources in random order and takes each that the budget still allows. A target among them uses
/// its own labels; any other uses a transfer drawn uniformly from all whose sources were taken. Prices of
/// labels are ignored. A draw that leaves a target without a transfer is repeated, at most 1000 times `count`
/// in all. On the published table at budget 8, orders 1 to 4, they have the paper's Gain .60 +- .05 and
/// Quality .26 +- .03. Throws Error when too few draws are feasible, and as make_problem().
[[nodiscard]] Significance significance_of(const affinity::AffinityTable& table,
                                           const taxonomy::Options& options, double budget,
                                           const Means& optimum, std::size_t count, std::uint64_t seed);

/// The same for every budget of a judgement: optimum and random taxonomies are judged alike. A budget at which too few
/// draws are feasible becomes a line of `notes`. Throws Error as make_problem().
[[nodiscard]] std::vector<Significance> significance_by_budget(const Judgement& judgement,
                                                               const taxonomy::Options& options,
                                                               std::size_t count, std::uint64_t seed,
                                                               std::vector<std::string>& notes);

}  // namespace taskonomy::analysis
