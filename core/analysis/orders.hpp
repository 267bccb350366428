// What do more sources in one transfer bring? The benefit of higher orders.
#pragma once

#include <vector>

#include "core/affinity/affinity_table.hpp"

namespace taskonomy::analysis {

/// The best transfer of each target at one order, averaged; self does not count. "Best": largest affinity.
struct OrderBenefit {
  std::size_t order = 0;                      ///< number of sources
  std::size_t targets = 0;                    ///< that have a transfer of this very order
  double gain = affinity::kUnknown;           ///< mean over those; NaN when none is known
  double quality = affinity::kUnknown;        ///< the same
  double gain_up_to = affinity::kUnknown;     ///< of the best at any order up to this one, over all targets
  double quality_up_to = affinity::kUnknown;  ///< the same
};

/// One entry per order that the table has, ascending. The paper finds that it saturates at 3 to 5.
[[nodiscard]] std::vector<OrderBenefit> benefit_of_orders(const affinity::AffinityTable& table);

}  // namespace taskonomy::analysis
