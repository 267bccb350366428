// The page's data: every optimum that its sliders can ask for, solved beforehand because the page itself
// solves nothing, and one JSON object with all that its scripts read.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/affinity/affinity_table.hpp"
#include "core/analysis/task_tree.hpp"
#include "core/report/page.hpp"
#include "core/taxonomy/taxonomy.hpp"

namespace taskonomy::report {

/// How often a target counts that a preset favours.
inline constexpr double kFavour = 5.0;

/// The optima of all budgets at one maximum order.
struct Front {
  std::size_t max_order = 0;
  std::vector<taxonomy::Taxonomy> taxonomies;  ///< by ascending budget
};

/// One choice of importances.
struct Preset {
  std::string favoured;       ///< the target that counts kFavour times; empty = importances as asked
  std::vector<Front> fronts;  ///< by ascending order
};

/// The optima of a table.
struct Optima {
  std::vector<Preset> presets;        ///< importances as asked first; empty when nothing is feasible
  std::vector<std::string> left_out;  ///< what is not solved and why, one sentence each
};

/// Solves every budget at every order that the table has, with importances as asked; and, for tables of up to
/// kPresetTransfers transfers, with each target favoured in turn, at orders 1 to 4 and the largest. Tables of
/// more than kSweepTransfers transfers are solved at orders 1 to 4 and the largest only, at most
/// kSecondsPerSweep each (a taxonomy that is not proven by then says so). An order at which some
/// target cannot be served, or for which no time sufficed, is named in left_out. Throws Error for names that
/// the table does not have and for numbers below 0.
[[nodiscard]] Optima solve_all(const affinity::AffinityTable& table,
                               const std::map<std::string, double>& cost,
                               const std::map<std::string, double>& importance);

/// What the page shows first, among the fronts with importances as asked.
struct Start {
  std::size_t front = 0;
  std::size_t taxonomy = 0;
};
/// At most four sources per transfer, and a bit less than half of the budgets, where choosing matters most.
/// There must be a preset.
[[nodiscard]] Start start_of(const Optima& optima);

inline constexpr std::size_t kPresetTransfers = 3000;
inline constexpr std::size_t kSweepTransfers = 5000;
inline constexpr double kSecondsPerSweep = 20.0;

/// The tree of a table's sources; nothing when the sources share too few targets,
/// or are more than kLargestTree.
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
/// - judgement: judge ("halves" or "paper"), text, level, budgets[]: as the record has them; or null
/// - significance: count, budgets[]: budget, gain, quality: [optimum, mean, deviation, p]; or null
/// - metrics[]: target, metric, unit, higher (is better), values[]: [competitor, value]
/// - checks[], missing[], pictures[] (PNG files as data URIs, with a key of their colours), made: facts[], stages[], recipe
///
/// Stands safely inside a <script> element: every < is written as \u003c. Bytes
/// that are no UTF-8 are replaced.
[[nodiscard]] std::string page_json(const PageContent& content, const Optima& optima,
                                    const std::optional<analysis::TaskTree>& tree);

/// Standard base 64 (RFC 4648, with padding) of bytes: the body of a data URI.
[[nodiscard]] std::string base64(const std::string& bytes);

}  // namespace taskonomy::report
