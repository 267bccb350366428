// Statistics as a person reads them on the terminal.
#pragma once

#include <string>

#include "core/analysis/agreement.hpp"
#include "core/analysis/statistics.hpp"
#include "core/analysis/task_tree.hpp"

namespace taskonomy::report {

/// Section by section, each under a heading that says what its figures mean; lines of at most about 110
/// letters.
[[nodiscard]] std::string statistics_text(const analysis::Statistics& statistics);

/// One line per target that both tables have, then the means.
[[nodiscard]] std::string comparison_text(const analysis::Comparison& comparison);

/// The tree cut into `count` clusters, with the figures of the clustering.
[[nodiscard]] std::string tree_text(const analysis::TaskTree& tree, std::size_t count);

}  // namespace taskonomy::report
