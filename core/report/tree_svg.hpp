// The task tree as a picture.
#pragma once

#include <cstddef>
#include <string>

#include "core/analysis/task_tree.hpp"

namespace taskonomy::report {

/// SVG dendrogram: root left, tasks right, a labelled axis of distances below, and the tree's `clusters` (1
/// to the number of tasks) in colours that colour-blind readers tell apart, again from the first where there
/// are more clusters than colours.
[[nodiscard]] std::string tree_svg(const analysis::TaskTree& tree, std::size_t clusters);

}  // namespace taskonomy::report
