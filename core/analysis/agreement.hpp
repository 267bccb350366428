// Do two affinity tables order the sources of a target alike? Ours against the published one, or two seeds.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/affinity/affinity_table.hpp"
#include "core/analysis/rank_correlation.hpp"

namespace taskonomy::analysis {

/// Our name of a task in the authors' result files ("rgb2sfnorm" -> "normal"); other names stay.
[[nodiscard]] std::string our_name(const std::string& published);
/// The table with all tasks under our names.
[[nodiscard]] affinity::AffinityTable with_our_names(affinity::AffinityTable table);

/// How alike one target's first-order sources are ordered, self left out.
struct Agreement {
  std::string target;
  Interval spearman;                 ///< NaN with fewer than two shared sources
  Interval kendall;                  ///< the same
  std::vector<std::string> sources;  ///< that both tables have, in name order
  std::string best_in_a;             ///< of those; "" when there are none
  std::string best_in_b;
};

struct Comparison {
  std::vector<Agreement> targets;  ///< those that both tables have, in the order of `a`
  Interval spearman;               ///< mean over targets with a known one; the interval resamples targets
  Interval kendall;                ///< the same
  double same_best =
      affinity::kUnknown;  ///< share of targets (two shared sources or more) with one best source
};

/// Compares under the names as they stand. Throws Error for a level outside (0,1).
[[nodiscard]] Comparison compare(const affinity::AffinityTable& a, const affinity::AffinityTable& b,
                                 double level = 0.95, std::uint64_t seed = 1);

}  // namespace taskonomy::analysis
