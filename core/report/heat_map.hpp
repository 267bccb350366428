// The affinity matrix as a picture.
#pragma once

#include <string>

#include "core/affinity/affinity_table.hpp"

namespace taskonomy::report {

/// SVG of the first-order affinities, targets down, sources across. Numbers: percent of the target's total
/// over all orders. Colour: relative to the target's best transfer, so that each row shows its own order of
/// sources; self is outlined instead, the best transfer bold, a transfer that was not trained a grey dash.
[[nodiscard]] std::string heat_map_svg(const affinity::AffinityTable& table);

}  // namespace taskonomy::report
