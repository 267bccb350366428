#include "core/analysis/orders.hpp"

#include <map>
#include <set>

#include "core/analysis/means.hpp"

namespace taskonomy::analysis {

namespace {

using affinity::AffinityRow;

/// The transfer with the largest affinity into each target, the first of equals.
using Best = std::map<std::string, const AffinityRow*>;

void offer(Best& best, const AffinityRow& row) {
  auto& place = best[row.target];
  if (place == nullptr || row.affinity > place->affinity) place = &row;
}

Means means_over(const Best& best) {
  taxonomy::Taxonomy chosen;
  for (const auto& [target, row] : best) chosen.transfers.push_back(*row);
  return means_of(chosen);
}

}  // namespace

std::vector<OrderBenefit> benefit_of_orders(const affinity::AffinityTable& table) {
  std::set<std::size_t> orders;
  for (const auto& row : table.rows) {
    if (!row.is_self()) orders.insert(row.sources.size());
  }
  Best up_to;
  std::vector<OrderBenefit> result;
  for (const auto order : orders) {
    Best exactly;
    for (const auto& row : table.rows) {
      if (row.is_self() || row.sources.size() != order) continue;
      offer(exactly, row);
      offer(up_to, row);
    }
    const auto own = means_over(exactly);
    const auto all = means_over(up_to);
    result.push_back({order, exactly.size(), own.gain, own.quality, all.gain, all.quality});
  }
  return result;
}

}  // namespace taskonomy::analysis
