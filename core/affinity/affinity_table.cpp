#include "core/affinity/affinity_table.hpp"

#include <algorithm>
#include <set>

#include "core/affinity/ahp.hpp"
#include "core/base/error.hpp"
#include "core/base/text.hpp"

namespace taskonomy::affinity {

namespace {

void append_new(std::vector<std::string>& names, std::set<std::string>& seen, const std::string& name) {
  if (seen.insert(name).second) names.push_back(name);
}

}  // namespace

std::vector<std::string> AffinityTable::tasks() const {
  std::set<std::string> names;
  for (const auto& row : rows) {
    names.insert(row.target);
    names.insert(row.sources.begin(), row.sources.end());
  }
  return {names.begin(), names.end()};
}

std::vector<std::string> AffinityTable::targets() const {
  std::vector<std::string> names;
  std::set<std::string> seen;
  for (const auto& row : rows) append_new(names, seen, row.target);
  return names;
}

std::vector<std::string> AffinityTable::sources() const {
  std::vector<std::string> names;
  std::set<std::string> seen;
  for (const auto& row : rows) {
    for (const auto& source : row.sources) append_new(names, seen, source);
  }
  return names;
}

std::size_t AffinityTable::max_order() const {
  std::size_t order = 0;
  for (const auto& row : rows) order = std::max(order, row.sources.size());
  return order;
}

std::vector<AffinityRow> affinity_of(const affinity::LossTable& losses) {
  return affinity_of(losses.target, affinity::play(losses));
}

std::vector<AffinityRow> affinity_of(const std::string& target, const affinity::Tournament& tournament) {
  const auto competing = affinity::among(
      tournament, [](const std::string& competitor) { return !affinity::is_reference(competitor); });
  if (competing.competitors.empty()) {
    throw base::Error("target \"" + target + "\": no transfer and no network of its own has losses");
  }
  const auto weights = priorities(competing.wins);
  const auto gains = affinity::win_rates_against(tournament, affinity::kScratch);
  const auto qualities = affinity::win_rates_against(tournament, target);
  std::vector<AffinityRow> rows;
  for (std::size_t k = 0; k < tournament.competitors.size(); ++k) {
    const auto& name = tournament.competitors[k];
    if (affinity::is_reference(name)) continue;
    const auto weight = weights(static_cast<Eigen::Index>(rows.size()));
    rows.push_back({base::split(name, '+'), target, weight, gains[k], qualities[k]});
  }
  return rows;
}

}  // namespace taskonomy::affinity
