// Whether two affinity tables order the sources of a target alike: ours and the published one, or those of
// two seeds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/affinity/affinity_table.hpp"
#include "core/analysis/interval.hpp"

namespace taskonomy::analysis {

/// How alike two tables order one target's first-order sources; self is left out.
struct Agreement {
  std::string target;
  Interval spearman;                 ///< NaN with fewer than two shared sources
  Interval kendall;                  ///< the same
  std::vector<std::string> sources;  ///< that both tables have, in name order
  std::string best_in_a;             ///< of those; "" when there are none
  std::string best_in_b;

  static void visit(auto& self, auto&& field) {
    field("target", self.target);
    field("spearman", self.spearman);
    field("kendall", self.kendall);
    field("sources", self.sources);
    field("best_in_a", self.best_in_a);
    field("best_in_b", self.best_in_b);
  }
};

struct Comparison {
  std::vector<Agreement> targets;  ///< those that both tables have, in the order of `a`
  Interval spearman;               ///< mean over targets with a known one; the interval resamples targets
  Interval kendall;                ///< the same
  /// Share of targets with the same best source, among those with two shared sources or more.
  double same_best = affinity::kUnknown;

  static void visit(auto& self, auto&& field) {
    field("judge", "paper");  // affinities of all test images, whatever was chosen there
    field("spearman", self.spearman);
    field("kendall", self.kendall);
    field("same_best", self.same_best);
    field("targets", self.targets);
  }
};

/// Compares under the names as they stand. Throws Error for a level outside (0,1), and as affinity::with_labels() for a
/// table of several numbers of labels.
[[nodiscard]] Comparison compare(const affinity::AffinityTable& a, const affinity::AffinityTable& b,
                                 double level = 0.95, std::uint64_t seed = 1);

}  // namespace taskonomy::analysis
