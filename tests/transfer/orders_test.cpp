// Combinations of sources as the paper counts them.
#include "core/transfer/orders.hpp"

#include <map>
#include <set>

#include "tests/support/testing.hpp"

namespace taskonomy::transfer {

namespace {

std::map<std::size_t, int> counts(const std::vector<Sources>& all) {
  std::map<std::size_t, int> by_order;
  for (const auto& sources : all) ++by_order[sources.size()];
  return by_order;
}

}  // namespace

TEST_CASE("the five best give 10, 10 and 5 combinations; k >= 5 one nested set each") {
  const Sources ranked{"a", "b", "c", "d", "e", "f", "g"};
  const auto all = higher_orders(ranked, {1, 2, 3, 4, 5, 6, 7, 8}, 5);
  CHECK(counts(all) == std::map<std::size_t, int>{{2, 10}, {3, 10}, {4, 5}, {5, 1}, {6, 1}, {7, 1}});
  CHECK(all.front() == Sources{"a", "b"});
  CHECK(all.back() == ranked);
}

TEST_CASE("the six best give the 15 combinations of order 4 of the released lists") {
  CHECK(counts(higher_orders({"a", "b", "c", "d", "e", "f"}, {4}, 6)) == std::map<std::size_t, int>{{4, 15}});
}

TEST_CASE("combinations are distinct, in rank order, and never longer than there are sources") {
  const auto all = higher_orders({"z", "m", "a"}, {2, 3, 4}, 5);
  CHECK(std::set<Sources>(all.begin(), all.end()).size() == all.size());
  CHECK(counts(all) == std::map<std::size_t, int>{{2, 3}, {3, 1}});
  CHECK(all[0] == Sources{"z", "m"});
  CHECK(higher_orders({}, {2}, 5).empty());
}

}  // namespace taskonomy::transfer
