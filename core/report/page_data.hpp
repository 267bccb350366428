// The page's data: one JSON object with all that its scripts read.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "core/affinity/affinity_table.hpp"
#include "core/analysis/task_tree.hpp"
#include "core/report/page.hpp"
#include "core/report/page_optima.hpp"

namespace taskonomy::report {

/// The tree of a table's sources; nothing when the sources share too few targets,
/// or are more than kLargestTree.
[[nodiscard]] std::optional<analysis::TaskTree> tree_of(const affinity::AffinityTable& table);
inline constexpr std::size_t kLargestTree = 300;

/// One object; tasks and transfers stand as indices into `tasks` and the columns of `rows`, unknown as null:
/// - of_run, title, command ("runs/demo --cost random=0": what solve is asked with), tasks[], ids[] (of tasks, which
///   are called by their titles), families[], summaries[], targets[], cost[] (per task), unit (of costs), untrained[], importance[] (per target), favour
/// - rows: target[], sources[][], affinity[], gain[], quality[], labels[]
/// - presets[]: favoured (a task, or null), fronts[]: order, optima[]: [budget, cost, objective, proven, [row
///   per target]]; start: front, optimum: what is shown first
/// - plan: enough, steps[]: budget, label[], reached; or null
/// - tree: leaves[], order[] (tasks from top to bottom), merges[]: [left, right, height], cophenetic, newick;
///   or null
/// - bootstrap: replicates, level, images, rows: {low[], high[] (affinities), gain_low[], ...} per row, budgets[]: budget,
///   sources[]: [task, probability]; or null
/// - comparison: with, spearman[], kendall[], same_best, targets[]: target, spearman[], best, other_best,
///   sources; intervals as [estimate, low, high]; or null
/// - judgement: judge ("halves" or "paper"), text, level, orders[], budgets[]: as the records have them; or null
/// - significance: count, budgets[]: budget, gain, quality: [optimum, mean, deviation, p]; or null
/// - verdicts[]: target, question, subject, reference, win_rate, p, judge, holds
/// - metrics[]: target, metric, unit, higher (is better), values[]: [competitor, value]
/// - checks[], missing[], pictures[] (PNG files as data URIs, with a key of their colours), made: facts[], stages[], recipe
/// - passed_over: sentence, samples[]: job, samples[]; plugins[]: kind, id, version, fingerprint, file, own, shadows[]
///
/// Stands safely inside a <script> element: every < is written as \u003c. Bytes
/// that are no UTF-8 are replaced.
[[nodiscard]] std::string page_json(const PageContent& content, const Optima& optima,
                                    const std::optional<analysis::TaskTree>& tree);

}  // namespace taskonomy::report
