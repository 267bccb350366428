// The statistics among the page's data: task tree, intervals and stability, agreement with another table.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>

#include "core/analysis/task_tree.hpp"
#include "core/report/page_content.hpp"
#include "core/report/page_index.hpp"

namespace taskonomy::report {

/// The tree of a table's sources; nothing when the sources share too few targets, or are more than
/// kLargestTree.
[[nodiscard]] std::optional<analysis::TaskTree> tree_of(const affinity::AffinityTable& table);
inline constexpr std::size_t kLargestTree = 300;

/// {leaves[], order[] (tasks from top to bottom), merges: [[left, right, height]], cophenetic}; null without
/// one.
[[nodiscard]] nlohmann::ordered_json tree_json(const std::optional<analysis::TaskTree>& tree,
                                               const PageIndex& index);

/// {replicates, level, images, rows: {low[], high[]} per row of the table (affinities),
///  budgets: [{budget, sources: [[task, probability]]}]}; null without a bootstrap.
[[nodiscard]] nlohmann::ordered_json bootstrap_json(const PageContent& content, const PageIndex& index);

/// {with, spearman[], kendall[], same_best, targets: [{target, spearman[], best, other_best, sources}]},
/// intervals as [estimate, low, high]; null without a comparison.
[[nodiscard]] nlohmann::ordered_json comparison_json(const PageContent& content);

/// {count, budgets: [{budget, gain: [optimum, mean, deviation, p], quality: the same}]}; null where nothing
/// was drawn.
[[nodiscard]] nlohmann::ordered_json significance_json(const PageContent& content);

/// [{target, metric, unit, higher (is better), values: [[competitor, value]]}]
[[nodiscard]] nlohmann::ordered_json metrics_json(const std::vector<MetricRow>& rows);

}  // namespace taskonomy::report
