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
    // 5 % of 11 scenes or of 55 images, rounded up.
    CHECK(counts[Split::validation] == (shares.unit == "scene" ? 5 : 3));
  }
}

TEST_CASE("by scene, no scene is in two splits, validation included") {
  std::map<std::string, std::set<Split>> places;
  for (const auto& key : make_splits(scenes(40, 4), {}, 7)) places[key.scene].insert(key.split);
  for (const auto& place : places) CHECK_MESSAGE(place.second.size() == 1, place.first);
}

TEST_CASE("one training scene gives some of its images to validation") {
  auto all = scenes(3, 20);
  const std::vector<std::string> splits{"train", "transfer", "test"};
  for (std::size_t i = 0; i < 3; ++i) all[i].split = splits[i];
  std::map<Split, int> counts;
  for (const auto& key : make_splits(all, {}, 1)) ++counts[key.split];
  CHECK(counts[Split::train] == 19);
  CHECK(counts[Split::validation] == 1);
}

namespace {

/// A building with 300 points of two views each, "p/v". Pairs: the two views of a point; pairs across: the first
/// view of a point and the second view of the next.
std::vector<SampleViews> views_of_a_building() {
  const auto view = [](std::int64_t point, int number) {
    return std::to_string(point % 300) + "/" + std::to_string(number);
  };
  using Names = std::vector<std::string>;
  return {{{{"building", 600}},
           [=](const std::string&, std::int64_t i) { return Names{view(i / 2, static_cast<int>(i % 2))}; }},
          {{{"building", 300}},
           [=](const std::string&, std::int64_t i) {
             return Names{view(i, 0), view(i, 1)};
           },
           /*fixated=*/true},
          {{{"building", 300}}, [=](const std::string&, std::int64_t i) {
             return Names{view(i, 0), view(i + 1, 1)};
           }}};
}

}  // namespace

TEST_CASE("photographs are divided, not samples: none is in two splits through a pair of any kind") {
  recipe::Split shares;
  shares.unit = "image";
  const auto kinds = views_of_a_building();
  const auto splits = divide_photographs(kinds, shares, 1);
  CHECK(splits.size() == 600);
  std::map<std::string, std::set<Split>> of_all;
  std::vector<SplitSamples> samples;
  for (const auto& kind : kinds) {
    samples.push_back(make_splits(kind, splits, shares, 1));
    std::map<std::string, std::set<Split>> of_kind;
    for (const auto& key : samples.back().keys)
      for (const auto& photograph : kind.photographs(key.scene, key.index)) {
        of_kind[photograph].insert(key.split);
        of_all[photograph].insert(key.split == Split::validation ? Split::train : key.split);
      }
    for (const auto& photograph : of_kind) CHECK_MESSAGE(photograph.second.size() == 1, photograph.first);
  }
  for (const auto& photograph : of_all) CHECK_MESSAGE(photograph.second.size() == 1, photograph.first);
  CHECK(samples[0].keys.size() == 600);
  CHECK(samples[0].straddling == 0);
  CHECK(samples[1].keys.size() == 300);  // the views of a point stay together
  CHECK(samples[1].straddling == 0);
  CHECK(samples[2].straddling > 0);
  CHECK(samples[2].keys.size() == 300 - static_cast<std::size_t>(samples[2].straddling));
  std::map<Split, int> counts;
  for (const auto& key : samples[0].keys) ++counts[key.split];
  CHECK(counts[Split::test] == 180);  // 30 % of 300 points, two views each
  CHECK(counts[Split::transfer] == 90);
}

TEST_CASE("a kind whose samples all straddle says so, with the cure") {
  recipe::Split shares;
  shares.unit = "image";
  SampleViews all_together{{{"building", 5}}, [](const std::string&, std::int64_t i) {
                             std::vector<std::string> names;
                             for (int k = 0; k < 12; ++k) names.push_back(std::to_string((i + k) % 30));
                             return names;
                           }};
  SampleViews singles{{{"building", 30}},
                      [](const std::string&, std::int64_t i) { return std::vector{std::to_string(i)}; }};
  const auto splits = divide_photographs({singles, all_together}, shares, 1);
  CHECK_THROWS_WITH_AS(static_cast<void>(make_splits(all_together, splits, shares, 1)),
                       doctest::Contains("5 of 5 samples show photographs of two splits"), base::Error);
}

TEST_CASE("what is held out: whole groups, of a share of the groups rounded up, the same every time") {
  std::vector<std::string> groups, places;
  for (int i = 0; i < 40; ++i) {
    groups.push_back("room-" + std::to_string(i / 4));
    places.push_back(groups.back() + "/" + std::to_string(i));
  }
  const auto chosen = hold_out(groups, places, 0.11, 1);
  REQUIRE(chosen.size() == 8);  // two of ten rooms
  for (std::size_t i = 0; i < chosen.size(); i += 4)
    for (std::size_t k = 1; k < 4; ++k) CHECK(groups[chosen[i]] == groups[chosen[i + k]]);
  CHECK(hold_out(groups, places, 0.11, 1) == chosen);
  CHECK(hold_out(std::vector<std::string>(40, "room"), places, 0.11, 1).size() == 5);
  CHECK(hold_out(groups, places, 0.0, 1).empty());
}

TEST_CASE("the same seed gives the same splits, whatever order the scenes come in; another seed others") {
  auto reversed = scenes(30, 3);
  std::reverse(reversed.begin(), reversed.end());
  const auto first = split_of_samples(make_splits(scenes(30, 3), {}, 1));
  CHECK((first == split_of_samples(make_splits(reversed, {}, 1))));
  CHECK((first != split_of_samples(make_splits(scenes(30, 3), {}, 2))));
}

TEST_CASE("scenes whose data set says their split go there whole; shares divide the others") {
  auto all = scenes(20, 5);
  all[3].split = "test";
  all[4].split = "transfer";
  all[5].split = "train";
  std::map<std::string, std::set<Split>> places;
  std::map<Split, int> counts;
  for (const auto& key : make_splits(all, {}, 1)) {
    places[key.scene].insert(key.split);
    ++counts[key.split];
  }
  CHECK((places.at("room-3") == std::set<Split>{Split::test}));
  CHECK((places.at("room-4") == std::set<Split>{Split::transfer}));
  CHECK(places.at("room-5").count(Split::test) + places.at("room-5").count(Split::transfer) == 0);
  CHECK(counts[Split::test] == 5 * (1 + 5));  // 30 % of the other 17 rooms
  all[6].split = "val";
  CHECK_THROWS_WITH_AS(static_cast<void>(make_splits(all, {}, 1)), doctest::Contains("split \"val\""),
                       base::Error);
}

TEST_CASE("a scene without samples of a kind leaves the others where they are for every kind") {
  auto singles = scenes(20, 5), pairs = scenes(20, 2);
  for (const int room : {0, 7, 11, 12}) pairs[static_cast<std::size_t>(room)].samples = 0;
  std::map<std::string, bool> tested;
  for (const auto& key : make_splits(singles, {}, 1)) tested[key.scene] = key.split == Split::test;
  for (const auto& key : make_splits(pairs, {}, 1)) CHECK(tested.at(key.scene) == (key.split == Split::test));
}

TEST_CASE("one training image is not held out: training comes before validation") {
  for (const char* unit : {"scene", "image"}) {
    recipe::Split shares;
    shares.unit = unit;
    shares.train = shares.transfer = shares.test = 1.0 / 3.0;
    std::map<Split, int> counts;
    for (const auto& key : make_splits(scenes(3, 1), shares, 1)) ++counts[key.split];
    CHECK(counts[Split::train] == 1);
    CHECK(counts[Split::validation] == 0);
    counts.clear();
    const SampleViews photographs{
        scenes(3, 1), [](const std::string&, std::int64_t) { return std::vector<std::string>{"a"}; }};
    const auto samples = make_splits(photographs, divide_photographs({photographs}, shares, 1), shares, 1);
    for (const auto& key : samples.keys) ++counts[key.split];
    CHECK(counts[Split::train] == 1);
    CHECK(counts[Split::validation] == 0);
  }
}

TEST_CASE("a split that would be empty is an error that names it and a cure") {
  CHECK_THROWS_WITH_AS(static_cast<void>(make_splits(scenes(2, 10), {}, 1)),
                       doctest::Contains("unit = \"image\""), base::Error);
  CHECK_THROWS_WITH_AS(static_cast<void>(make_splits({}, {}, 1)), doctest::Contains("0 scenes"), base::Error);
}

TEST_CASE("an even pick takes one of each equal part, the same every time") {
  for (const std::int64_t size : {8, 9, 15, 795, 12800}) {
    const auto indices = pick_evenly(size, 8);
    REQUIRE(indices.size() == 8);
    for (std::int64_t part = 0; part < 8; ++part) {
      CHECK(indices[static_cast<std::size_t>(part)] >= part * size / 8);
      CHECK(indices[static_cast<std::size_t>(part)] < (part + 1) * size / 8);
    }
    CHECK(pick_evenly(size, 8) == indices);
  }
}

TEST_CASE("an even pick takes all when there are no more") {
  CHECK(pick_evenly(3, 8) == std::vector<std::int64_t>{0, 1, 2});
  CHECK(pick_evenly(0, 8).empty());
  CHECK(pick_evenly(5, 0).empty());
}

TEST_CASE("an even pick meets every phase of samples that alternate, as matching pairs and others do") {
  for (const std::int64_t count : {4, 5, 8})
    for (const std::int64_t size : {64, 1920, 8960}) {
      CAPTURE(count);
      CAPTURE(size);
      const auto indices = pick_evenly(size, count);
      const auto even =
          std::count_if(indices.begin(), indices.end(), [](std::int64_t i) { return i % 2 == 0; });
      CHECK(even > 0);
      CHECK(even < count);
    }
}

TEST_CASE("an even pick of samples is that of their indices, in their order") {
  const auto keys = make_splits(scenes(20, 5), {}, 1);
  const auto chosen = pick_evenly(keys, 7);
  const auto indices = pick_evenly(std::ssize(keys), 7);
  REQUIRE(chosen.size() == 7);
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    const auto& key = keys[static_cast<std::size_t>(indices[i])];
    CHECK(chosen[i].scene == key.scene);
    CHECK(chosen[i].index == key.index);
    CHECK(chosen[i].split == key.split);
  }
}

}  // namespace taskonomy::data
