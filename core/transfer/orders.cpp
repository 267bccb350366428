#include "core/transfer/orders.hpp"

#include <algorithm>
#include <span>

#include "core/base/text.hpp"

namespace taskonomy::transfer {

namespace {

/// Appends to `all` every way to put `count` of `ranked` behind `chosen`, in lexicographic order of ranks.
void combine(std::span<const std::string> ranked, std::size_t count, Sources& chosen,
             std::vector<Sources>& all) {
  if (count == 0) {
    all.push_back(chosen);
    return;
  }
  for (std::size_t i = 0; i + count <= ranked.size(); ++i) {
    chosen.push_back(ranked[i]);
    combine(ranked.subspan(i + 1), count - 1, chosen, all);
    chosen.pop_back();
  }
}

}  // namespace

std::string name_of(const Sources& sources) { return base::join(sources, "+"); }

std::vector<Sources> higher_orders(const Sources& ranked, const std::vector<std::int64_t>& orders,
                                   std::int64_t top) {
  auto ascending = orders;
  std::sort(ascending.begin(), ascending.end());
  std::vector<Sources> all;
  for (const std::int64_t order : ascending) {
    const auto count = static_cast<std::size_t>(order);
    if (order < 2 || count > ranked.size()) continue;
    const std::size_t pool = order < 5 ? std::min(static_cast<std::size_t>(top), ranked.size()) : count;
    Sources chosen;
    combine(std::span(ranked).first(pool), count, chosen, all);
  }
  return all;
}

}  // namespace taskonomy::transfer
