// The task tree as a picture.
#pragma once

#include <cstddef>

#include "core/analysis/task_tree.hpp"
#include "core/report/svg.hpp"

namespace taskonomy::report {

/// Draws a dendrogram: root left, tasks right, a labelled axis of distances below. The tree's `clusters` (1
/// to the number of tasks) have a colour each, again from the first where there are more clusters than
/// colours; a task that is a cluster alone is coloured, too. `width` in pixels, at least 300, is shared by
/// the branches and the names.
[[nodiscard]] Drawing tree_drawing(const analysis::TaskTree& tree, std::size_t clusters, double width = 760);

}  // namespace taskonomy::report
