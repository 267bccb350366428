#include "core/analysis/win_rates.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "core/affinity/tournament.hpp"
#include "core/base/error.hpp"

namespace taskonomy::analysis {

namespace {

double mean_of(const taxonomy::Taxonomy& taxonomy, double affinity::AffinityRow::*rate) {
  double sum = 0.0;
  std::size_t count = 0;
  for (const auto& row : taxonomy.transfers) {
    if (std::isnan(row.*rate)) continue;
    sum += row.*rate;
    ++count;
  }
  return count == 0 ? affinity::kUnknown : sum / static_cast<double>(count);
}

/// Per target the row with the largest affinity, the first of equals.
using Best = std::map<std::string, std::size_t>;

void keep_better(Best& best, const affinity::AffinityTable& table, std::size_t row) {
  const auto [place, fresh] = best.emplace(table.rows[row].target, row);
  if (!fresh && table.rows[row].affinity > table.rows[place->second].affinity) place->second = row;
}

Means means_over(const Best& best, const affinity::AffinityTable& judging) {
  taxonomy::Taxonomy chosen;
  for (const auto& [target, row] : best) chosen.transfers.push_back(judging.rows[row]);
  return means_of(chosen);
}

}  // namespace

Means means_of(const taxonomy::Taxonomy& taxonomy) {
  return {mean_of(taxonomy, &affinity::AffinityRow::gain),
          mean_of(taxonomy, &affinity::AffinityRow::quality)};
}

std::vector<OrderBenefit> benefit_of_orders(const affinity::AffinityTable& table) {
  return benefit_of_orders(table, table);
}

std::vector<OrderBenefit> benefit_of_orders(const affinity::AffinityTable& choosing,
                                            const affinity::AffinityTable& judging) {
  std::set<std::size_t> orders;
  for (const auto& row : choosing.rows) {
    if (!row.is_self()) orders.insert(row.sources.size());
  }
  Best up_to;
  std::vector<OrderBenefit> result;
  for (const auto order : orders) {
    Best exactly;
    for (std::size_t i = 0; i < choosing.rows.size(); ++i) {
      const auto& row = choosing.rows[i];
      if (row.is_self() || row.sources.size() != order) continue;
      keep_better(exactly, choosing, i);
      keep_better(up_to, choosing, i);
    }
    const auto own = means_over(exactly, judging);
    const auto all = means_over(up_to, judging);
    result.push_back({order, exactly.size(), own.gain, own.quality, all.gain, all.quality});
  }
  return result;
}

SourceCheck check_source(const affinity::LossTable& losses) {
  if (!losses.find(losses.target)) {
    throw base::Error("target \"" + losses.target + "\": its own network has no losses on the test images");
  }
  affinity::LossTable part{losses.target, losses.images, {}, {}, losses.scenes_apart};
  for (const std::string& name : {losses.target, std::string(affinity::kAverage),
                                  std::string(affinity::kConstant), std::string(affinity::kRandom)}) {
    if (const auto row = losses.find(name)) part.add(name, losses.loss[*row]);
  }
  const auto tournament = affinity::play(part);
  const auto share = [&](const char* reference) {
    return affinity::win_rates_against(tournament, reference).front();  // self is the first row
  };
  return {losses.target, share(affinity::kAverage), share(affinity::kConstant), share(affinity::kRandom),
          tournament.images};
}

}  // namespace taskonomy::analysis
