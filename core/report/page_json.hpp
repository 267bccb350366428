// The page's data: one JSON object that its scripts read.
#pragma once

#include <optional>
#include <string>

#include "core/analysis/task_tree.hpp"
#include "core/report/page.hpp"
#include "core/report/page_optima.hpp"

namespace taskonomy::report {

/// The tree of a table's sources; nothing when the sources share too few targets, or are more than
/// kLargestTree.
[[nodiscard]] std::optional<analysis::TaskTree> tree_of(const affinity::AffinityTable& table);
inline constexpr std::size_t kLargestTree = 300;

/// One object; tasks and transfers stand as indices into `tasks` and the columns of `rows`, unknown as null:
/// - of_run, tasks[], targets[], cost[] (per task), importance[] (per target), favour
/// - rows: target[], sources[][], affinity[], gain[], quality[], labels[]
/// - presets[]: favoured (a task, or null), fronts[]: order, optima[]: [budget, cost, objective, proven, [row
///   per target]]; start: front, optimum: what is shown first
/// - tree: leaves[], order[] (tasks from top to bottom), merges[]: [left, right, height], cophenetic, newick;
///   or null
/// - bootstrap: replicates, level, images, rows: {low[], high[]} per row (affinities), budgets[]: budget,
///   sources[]: [task, probability]; or null
/// - comparison: with, spearman[], kendall[], same_best, targets[]: target, spearman[], best, other_best,
///   sources; intervals as [estimate, low, high]; or null
/// - significance: count, budgets[]: budget, gain, quality: [optimum, mean, deviation, p]; or null
/// - metrics[]: target, metric, unit, higher (is better), values[]: [competitor, value]
/// - checks[], missing[], pictures[], made: facts[], stages[], recipe
///
/// Stands safely inside a <script> element: every < is written as \u003c. Bytes that are no UTF-8 are
/// replaced.
[[nodiscard]] std::string page_json(const PageContent& content, const Optima& optima,
                                    const std::optional<analysis::TaskTree>& tree);

/// Standard base 64 (RFC 4648, with padding) of bytes: the body of a data URI.
[[nodiscard]] std::string base64(const std::string& bytes);

}  // namespace taskonomy::report
