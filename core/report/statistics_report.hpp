// The statistics for people and programs: what `taskonomy analyse`, `compare` and `tree` print. Text for the
// terminal, JSON that keeps the structure, CSV with one figure a line.
#pragma once

#include <string>

#include "core/analysis/agreement.hpp"
#include "core/analysis/statistics.hpp"
#include "core/analysis/task_tree.hpp"

namespace taskonomy::report {

/// One section per statistic, each under a heading that says what its figures mean. Lines have at most about
/// kTextWidth letters.
[[nodiscard]] std::string statistics_text(const analysis::Statistics& statistics);

/// One line per target that both tables have, then the means.
[[nodiscard]] std::string comparison_text(const analysis::Comparison& comparison);

/// The clusters into which a cut makes `count` parts of the tree, and how well the tree keeps the distances.
[[nodiscard]] std::string tree_text(const analysis::TaskTree& tree, std::size_t count);

/// {judgement{}, significance[], orders[], notes[], bootstrap{}, consistency[], best[], pairs[]}; the last four only of a run. An
/// interval is {estimate, low, high}; unknown figures are null. Indented, without a line break at the end.
[[nodiscard]] std::string to_json(const analysis::Statistics& statistics);
/// One figure per line: statistic,budget,order,target,sources,versus,figure,value,low,high,judge. Cells that do not
/// apply are empty; judge is "halves" or "paper" where something was chosen.
[[nodiscard]] std::string to_csv(const analysis::Statistics& statistics);

/// {spearman, kendall, same_best, targets[{target, spearman, kendall, sources[], best_in_a, best_in_b}]}
[[nodiscard]] std::string to_json(const analysis::Comparison& comparison);
/// target,sources,spearman,spearman_low,spearman_high,kendall,kendall_low,kendall_high,best_in_a,best_in_b;
/// sources is their number; the last line, "mean", has the means.
[[nodiscard]] std::string to_csv(const analysis::Comparison& comparison);

/// {linkage, cophenetic, tasks[], merges[{left, right, height, tasks}], clusters[[]], newick}; clusters are
/// numbered as SciPy does.
[[nodiscard]] std::string to_json(const analysis::TaskTree& tree, std::size_t clusters);

}  // namespace taskonomy::report
