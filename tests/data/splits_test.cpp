// Splits: disjoint, stable, complete.
#include "core/data/splits.hpp"

#include <map>
#include <set>

#include "core/base/error.hpp"
#include "tests/support/testing.hpp"

namespace taskonomy::data {

namespace {

std::vector<sdk::Scene> scenes(int count, std::int64_t samples) {
  std::vector<sdk::Scene> all;
  for (int i = 0; i < count; ++i) all.push_back({"room-" + std::to_string(i), samples});
  return all;
}

std::map<std::string, Split> split_of_samples(const std::vector<SampleKey>& keys) {
  std::map<std::string, Split> splits;
  for (const auto& key : keys) splits[key.scene + "/" + std::to_string(key.index)] = key.split;
  return splits;
}

}  // namespace

TEST_CASE("shares that sum to 1 give every sample to exactly one split") {
  for (const char* unit : {"scene", "image"}) {
    recipe::Split shares;
    shares.unit = unit;
    const auto keys = make_splits(scenes(20, 5), shares, 1);
    CHECK(keys.size() == 100);
    CHECK(split_of_samples(keys).size() == 100);
    std::map<Split, int> counts;
    for (const auto& key : keys) ++counts[key.split];
    CHECK(counts[Split::transfer] == 15);
    CHECK(counts[Split::test] == 30);
    CHECK(counts[Split::train] + counts[Split::validation] == 55);
    CHECK(counts[Split::validation] == 3);  // 5 % of 55, rounded up
  }
}

TEST_CASE("by scene, no scene is in two of train, transfer and test") {
  std::map<std::string, std::set<int>> places;
  for (const auto& key : make_splits(scenes(40, 4), {}, 7))
    places[key.scene].insert(key.split == Split::validation ? 0 : static_cast<int>(key.split));
  for (const auto& [scene, splits] : places) CHECK_MESSAGE(splits.size() == 1, scene);
}

TEST_CASE("the same seed gives the same splits, whatever order the scenes come in; another seed others") {
  auto reversed = scenes(30, 3);
  std::reverse(reversed.begin(), reversed.end());
  const auto first = split_of_samples(make_splits(scenes(30, 3), {}, 1));
  CHECK((first == split_of_samples(make_splits(reversed, {}, 1))));
  CHECK((first != split_of_samples(make_splits(scenes(30, 3), {}, 2))));
}

TEST_CASE("a split that would be empty is an error that names it and a cure") {
  CHECK_THROWS_WITH_AS(make_splits(scenes(2, 10), {}, 1), doctest::Contains("unit = \"image\""), base::Error);
  CHECK_THROWS_WITH_AS(make_splits({}, {}, 1), doctest::Contains("0 scenes"), base::Error);
}

}  // namespace taskonomy::data
