// Whether two affinity tables order the sources of a target alike: ours and the published one, or those of
// two seeds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/affinity/affinity_table.hpp"
#include "core/analysis/interval.hpp"

namespace taskonomy::analysis {

/// Our names of the tasks in tables that others published, by theirs: "rgb2sfnorm" -> "normal".
using TaskNames = std::map<std::string, std::string>;
/// Reads them from CSV with the columns published,ours (share/published/task_names.csv). Throws Error
/// "FILE:LINE: ..." for another header, a wrong number of cells, and a name that is empty or published twice,
/// and "FILE: ..." for a file without names.
[[nodiscard]] TaskNames read_task_names(const std::filesystem::path& path);
/// The table with all tasks under our names; names that are not among them stay.
[[nodiscard]] affinity::AffinityTable with_our_names(affinity::AffinityTable table, const TaskNames& names);

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
    field("spearman", self.spearman);
    field("kendall", self.kendall);
    field("same_best", self.same_best);
    field("targets", self.targets);
  }
};

/// Compares under the names as they stand. Throws Error for a level outside (0,1).
[[nodiscard]] Comparison compare(const affinity::AffinityTable& a, const affinity::AffinityTable& b,
                                 double level = 0.95, std::uint64_t seed = 1);

}  // namespace taskonomy::analysis
