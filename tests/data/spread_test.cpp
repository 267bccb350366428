// Spreads: one of each part, and no phase missed.
#include "core/data/spread.hpp"

#include <algorithm>

#include "tests/support/testing.hpp"

namespace taskonomy::data {

TEST_CASE("a spread takes one of each equal part, the same every time") {
  for (const std::int64_t size : {8, 9, 15, 795, 12800}) {
    const auto indices = spread(size, 8);
    REQUIRE(indices.size() == 8);
    for (std::int64_t part = 0; part < 8; ++part) {
      CHECK(indices[static_cast<std::size_t>(part)] >= part * size / 8);
      CHECK(indices[static_cast<std::size_t>(part)] < (part + 1) * size / 8);
    }
    CHECK(spread(size, 8) == indices);
  }
}

TEST_CASE("a spread takes all when there are no more") {
  CHECK(spread(3, 8) == std::vector<std::int64_t>{0, 1, 2});
  CHECK(spread(0, 8).empty());
  CHECK(spread(5, 0).empty());
}

TEST_CASE("a spread meets every phase of samples that alternate, as matching pairs and others do") {
  for (const std::int64_t count : {4, 5, 8})
    for (const std::int64_t size : {64, 1920, 8960}) {
      CAPTURE(count);
      CAPTURE(size);
      const auto indices = spread(size, count);
      const auto even =
          std::count_if(indices.begin(), indices.end(), [](std::int64_t i) { return i % 2 == 0; });
      CHECK(even > 0);
      CHECK(even < count);
    }
}

}  // namespace taskonomy::data
