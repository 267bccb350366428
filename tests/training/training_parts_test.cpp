// The parts of the training images that networks of a learning curve see.
#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "core/training/source_network.hpp"
#include "tests/support/pixel_task.hpp"
#include "tests/support/stored_examples.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;

TEST_CASE(
    "parts of the training images are nested, whole scenes where there are enough, the same for all tasks") {
  std::vector<std::string> ids;
  for (int scene = 0; scene < 12; ++scene)
    for (int view = 0; view < 2; ++view)
      ids.push_back("room-" + std::to_string(scene) + "/" + std::to_string(view));
  const tests::Folder folder;
  const auto examples =
      tests::store_examples(folder, tests::random_targets(static_cast<std::int64_t>(ids.size())), ids);
  recipe::Recipe recipe;
  const auto part = [&](std::size_t divisor) {
    const auto indices = training::part_of_training(examples, recipe, divisor);
    return std::set<std::int64_t>(indices.data_ptr<std::int64_t>(),
                                  indices.data_ptr<std::int64_t>() + indices.numel());
  };
  const auto half = part(2), quarter = part(4);
  CHECK(part(1).size() == 24);
  CHECK(half.size() == 12);
  CHECK(quarter.size() == 6);
  CHECK(std::includes(half.begin(), half.end(), quarter.begin(), quarter.end()));
  for (const auto& some : {half, quarter})
    for (const std::int64_t i : some) CHECK(some.count(i ^ 1) == 1);  // both views of a room, or none
  CHECK(part(2) == half);
  recipe.seed = 2;
  CHECK(part(2) != half);
  recipe.split.unit = "image";
  const auto single = part(4);
  CHECK(single.size() == 6);
  CHECK(std::any_of(single.begin(), single.end(), [&](std::int64_t i) { return single.count(i ^ 1) == 0; }));

  for (auto& id : ids)
    id = "room-" + std::to_string(std::stoi(id.substr(5)) % 3) + "/" + id.substr(5, 1) + id.back();
  const tests::Folder few;
  recipe.split.unit = "scene";
  CHECK(training::part_of_training(
            tests::store_examples(few, tests::random_targets(static_cast<std::int64_t>(ids.size())), ids),
            recipe, 4)
            .numel() == 6);  // of 3 rooms a quarter is none
}

TEST_CASE("a network of a learning curve learns from its part alone, and from the same first weights") {
  const auto with_divisor = [](const tests::Targets& targets, std::size_t divisor) {
    const tests::Folder folder;
    recipe::Recipe recipe;
    recipe.data.side = tests::kStoredSide;
    recipe.network.width = recipe.network.channels = 4;
    recipe.split.unit = "image";
    return training::train_network(tests::PixelTask(), tests::store_examples(folder, targets),
                                   {.recipe = recipe,
                                    .options = {.steps = 6, .batch = 4},
                                    .split = data::Split::train,
                                    .hardware = tests::kExactCpu,
                                    .seed = 3,
                                    .divisor = divisor});
  };
  const tests::Targets targets = tests::random_targets();
  const tests::Folder folder;
  recipe::Recipe recipe;
  recipe.split.unit = "image";
  const auto seen = training::part_of_training(tests::store_examples(folder, targets), recipe, 4);
  REQUIRE(seen.numel() == 3);  // of 9
  tests::Targets others = targets, own = targets;
  others["train"] =
      torch::zeros_like(targets.at("train")).index_copy(0, seen, targets.at("train").index_select(0, seen));
  own["train"] = targets.at("train").index_fill(0, seen, 0.0);
  CHECK(tests::same_weights(with_divisor(targets, 4), with_divisor(others, 4)));
  CHECK_FALSE(tests::same_weights(with_divisor(targets, 4), with_divisor(own, 4)));
  CHECK_FALSE(tests::same_weights(with_divisor(targets, 4), with_divisor(targets, 1)));
}
