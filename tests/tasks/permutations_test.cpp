// The jigsaw's arrangements: permutations, far apart, none preferring a place.
#include "plugins/tasks/jigsaw/permutations.hpp"

#include <algorithm>
#include <set>

#include "tests/support/testing.hpp"

using namespace taskonomy::jigsaw;

TEST_CASE("arrangements are distinct permutations of nine tiles, the first the identity") {
  const auto all = distant_permutations(kMostPermutations);
  CHECK(all.size() == 504);
  CHECK(std::set<Permutation>(all.begin(), all.end()).size() == all.size());
  for (Permutation permutation : all) {
    std::sort(permutation.begin(), permutation.end());
    for (std::size_t i = 0; i < kTiles; ++i) CHECK(permutation[i] == static_cast<int>(i));
  }
  CHECK(all.front() == Permutation{0, 1, 2, 3, 4, 5, 6, 7, 8});
}

TEST_CASE("any two differ in at least 7 of 9 places; 73 or more cannot all differ in 8") {
  const auto all = distant_permutations(kMostPermutations);
  int least = 9;
  for (std::size_t i = 0; i < all.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) {
      int differing = 0;
      for (std::size_t place = 0; place < kTiles; ++place)
        differing += all[i][place] == all[j][place] ? 0 : 1;
      CHECK(differing == hamming(all[i], all[j]));
      least = std::min(least, differing);
    }
  CHECK(least == 7);
  // The bound's own argument: agreeing in at most one place means different pairs at places 0 and 1.
  std::set<std::pair<int, int>> pairs;
  for (const auto& permutation : all) pairs.insert({permutation[0], permutation[1]});
  CHECK(pairs.size() == 72);
}

TEST_CASE("every tile comes to every place, about equally often") {
  const auto chosen = distant_permutations(100);
  REQUIRE(chosen.size() == 100);
  for (std::size_t place = 0; place < kTiles; ++place) {
    for (int tile = 0; tile < 9; ++tile) {
      const auto count =
          std::count_if(chosen.begin(), chosen.end(), [&](const auto& p) { return p[place] == tile; });
      CHECK(count >= 5);
      CHECK(count <= 20);
    }
  }
}

TEST_CASE("the same arrangements every time; impossible numbers are refused") {
  const auto some = distant_permutations(30), more = distant_permutations(100);
  CHECK(std::equal(some.begin(), some.end(), more.begin()));
  CHECK_THROWS_AS((void)distant_permutations(0), std::invalid_argument);
  CHECK_THROWS_AS((void)distant_permutations(505), std::invalid_argument);
}
