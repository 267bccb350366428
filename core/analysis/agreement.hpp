// Do two affinity tables order the sources of a target alike? Ours against the published one, or two seeds.
#pragma once

#include <string>
#include <vector>

#include "core/affinity/affinity_table.hpp"

namespace taskonomy::analysis {

/// Spearman's rank correlation of two equally long lists, in [-1,1]: Pearson's correlation of the ranks, tied
/// values sharing their mean rank. NaN for fewer than two values or when one list is constant.
[[nodiscard]] double spearman(const std::vector<double>& a, const std::vector<double>& b);

/// Our name of a task in the authors' result files ("rgb2sfnorm" -> "normal"); other names stay.
[[nodiscard]] std::string our_name(const std::string& published);
/// The table with all tasks under our names.
[[nodiscard]] affinity::AffinityTable with_our_names(affinity::AffinityTable table);

/// How alike one target's sources are ordered.
struct Agreement {
  std::string target;
  double spearman = 0.0;  ///< of the first-order affinities; NaN with fewer than two shared sources
  std::vector<std::string> sources;  ///< shared first-order sources, self left out
};

/// One entry per target that both tables have, in the order of `a`; names as they stand.
[[nodiscard]] std::vector<Agreement> agreement(const affinity::AffinityTable& a,
                                               const affinity::AffinityTable& b);
/// The mean over targets with a known correlation; NaN when there is none.
[[nodiscard]] double mean_spearman(const std::vector<Agreement>& agreements);

}  // namespace taskonomy::analysis
