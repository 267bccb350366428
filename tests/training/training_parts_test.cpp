// The parts of the training images that networks of a learning curve see.
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/data/tensor_file.hpp"
#include "core/network/weights.hpp"
#include "core/training/source_network.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/pixel_task.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;

namespace {

constexpr std::int64_t kPartSide = 16;
const network::Hardware kOnOneCpu{torch::kCPU, false};
using tests::PixelTask;
using Labels = std::map<std::string, torch::Tensor>;  // split -> float32 [N,1,kPartSide,kPartSide]

/// Random images with these labels; the training images have these names, others are numbered.
data::ExampleSet store_labelled(const tests::Folder& folder, const Labels& labels,
                                const std::vector<std::string>& train) {
  torch::manual_seed(8);
  data::NamedTensors images, examples;
  std::string ids;
  for (const auto& [split, values] : labels) {
    const std::int64_t count = values.size(0);
    images[split + ".rgb"] = torch::randint(0, 256, {count, 1, 3, kPartSide, kPartSide}, torch::kUInt8);
    examples[split + ".target"] = values;
    examples[split + ".valid"] = torch::ones({count}, torch::kBool);
    std::string names;
    for (std::int64_t i = 0; i < count; ++i)
      names += (i == 0 ? "\"" : ",\"") +
               (split == "train" ? train.at(static_cast<std::size_t>(i)) : std::to_string(i)) + "\"";
    ids += (ids.empty() ? "\"" : ",\"") + split + "\":[" + names + "]";
  }
  data::save_tensors(folder / "images", images, {{"ids", "{" + ids + "}"}});
  data::save_tensors(folder / "examples", examples, {});
  return {folder / "images", folder / "examples"};
}

Labels random_labels(std::int64_t train) {
  torch::manual_seed(7);
  Labels labels;
  const std::map<std::string, std::int64_t> counts{
      {"test", 3}, {"train", train}, {"transfer", 5}, {"validation", 4}};
  for (const auto& [split, count] : counts) labels[split] = torch::rand({count, 1, kPartSide, kPartSide});
  return labels;
}

data::ExampleSet labelled_images(const tests::Folder& folder, const std::vector<std::string>& train) {
  return store_labelled(folder, random_labels(static_cast<std::int64_t>(train.size())), train);
}

data::ExampleSet stored_examples(const tests::Folder& folder, const Labels& labels) {
  return store_labelled(folder, labels, {"0", "1", "2", "3", "4", "5", "6", "7", "8"});
}

bool equal_weights(const training::TrainedNetwork& a, const training::TrainedNetwork& b) {
  const auto first = network::weights_of(*a.network), second = network::weights_of(*b.network);
  return std::equal(
      first.begin(), first.end(), second.begin(), second.end(),
      [](const auto& x, const auto& y) { return x.first == y.first && torch::equal(x.second, y.second); });
}

}  // namespace

TEST_CASE(
    "parts of the training images are nested, whole scenes where there are enough, the same for all tasks") {
  std::vector<std::string> ids;
  for (int scene = 0; scene < 12; ++scene)
    for (int view = 0; view < 2; ++view)
      ids.push_back("room-" + std::to_string(scene) + "/" + std::to_string(view));
  const tests::Folder folder;
  const auto examples = labelled_images(folder, ids);
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
  CHECK(training::part_of_training(labelled_images(few, ids), recipe, 4).numel() ==
        6);  // of 3 rooms a quarter is none
}

TEST_CASE("a network of a learning curve learns from its part alone, and from the same first weights") {
  const auto with_divisor = [](const Labels& targets, std::size_t divisor) {
    const tests::Folder folder;
    recipe::Recipe recipe;
    recipe.data.side = kPartSide;
    recipe.network.width = recipe.network.channels = 4;
    recipe.split.unit = "image";
    return training::train_network(PixelTask(), stored_examples(folder, targets),
                                   {.recipe = recipe,
                                    .options = {.steps = 6, .batch = 4},
                                    .split = data::Split::train,
                                    .hardware = kOnOneCpu,
                                    .seed = 3,
                                    .divisor = divisor});
  };
  const Labels targets = random_labels(9);
  const tests::Folder folder;
  recipe::Recipe recipe;
  recipe.split.unit = "image";
  const auto seen = training::part_of_training(stored_examples(folder, targets), recipe, 4);
  REQUIRE(seen.numel() == 3);  // of 9
  Labels others = targets, own = targets;
  others["train"] =
      torch::zeros_like(targets.at("train")).index_copy(0, seen, targets.at("train").index_select(0, seen));
  own["train"] = targets.at("train").index_fill(0, seen, 0.0);
  CHECK(equal_weights(with_divisor(targets, 4), with_divisor(others, 4)));
  CHECK_FALSE(equal_weights(with_divisor(targets, 4), with_divisor(own, 4)));
  CHECK_FALSE(equal_weights(with_divisor(targets, 4), with_divisor(targets, 1)));
}
