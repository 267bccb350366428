// What `taskonomy place` prints and writes: which sources a novel task should use,
// as text, JSON, CSV and drawing.
#pragma once

#include <string>

#include "core/analysis/novel_task.hpp"
#include "core/report/svg.hpp"

namespace taskonomy::report {

/// The advice in two or three lines, then tables of single sources, orders, budgets and the run's taxonomies.
[[nodiscard]] std::string novel_task_text(const analysis::NovelTask& task);

/// One object: target, images, transfers[], best_by_order[], alone[], with_run[].
[[nodiscard]] std::string to_json(const analysis::NovelTask& task);

/// One transfer per line, the best first:
/// `target,sources,order,cost,affinity,affinity_low,affinity_high,gain, ...,quality,...,best,q`;
/// unknown figures are empty cells.
[[nodiscard]] std::string to_csv(const analysis::NovelTask& task);

/// The best transfers with the interval of their Gain (of their affinity where no Gain is known).
[[nodiscard]] Drawing novel_task_drawing(const analysis::NovelTask& task);

}  // namespace taskonomy::report
