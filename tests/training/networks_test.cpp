// What is trained besides transfers: source networks and networks from scratch. Each looks only at the split
// it is meant to, and the same seed gives the same weights.
#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <set>

#include <taskonomy/sdk/extensions.hpp>
#include <taskonomy/sdk/losses.hpp>

#include "core/network/weights.hpp"
#include "core/training/source_network.hpp"
#include "tests/support/pixel_task.hpp"
#include "tests/support/stored_examples.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;

namespace {

/// A small network after one step on the training split, whose first layer learns at a share of the rate.
network::Weights weights_after_a_step(double first_layer_rate) {
  const tests::Folder folder;
  recipe::Recipe recipe;
  recipe.data.side = tests::kStoredSide;
  recipe.network.width = recipe.network.channels = 4;
  const recipe::Training options{.steps = 1,
                                 .batch = 4,
                                 .learning_rate = 0.01,
                                 .schedule = "constant",
                                 .weight_decay = 0.0,
                                 .first_layer_rate = first_layer_rate};
  const auto trained =
      training::train_network(tests::PixelTask(), tests::store_examples(folder, tests::random_targets()),
                              {recipe, options, data::Split::train, tests::kExactCpu, 1, {}});
  return network::weights_of(*trained.network);
}

/// Shows what an augmentation gives it.
class ShownImages : public tests::PixelTask, public sdk::Augment {
 public:
  sdk::Example augment(const sdk::Example& originals, const sdk::Augmentation& how) const override {
    precisions.insert(how.images.scalar_type());
    return originals;
  }
  const void* extension(std::string_view id) const noexcept override {
    return id == sdk::Augment::kId ? static_cast<const sdk::Augment*>(this) : nullptr;
  }
  mutable std::set<torch::ScalarType> precisions;
};

/// A small network after a few steps on one split.
training::TrainedNetwork train_on(data::Split split, const tests::Targets& targets, std::uint64_t seed,
                                  const tests::PixelTask& task = tests::PixelTask(),
                                  bool until_flat = false) {
  const tests::Folder folder;
  recipe::Recipe recipe;
  recipe.data.side = tests::kStoredSide;
  recipe.network.width = recipe.network.channels = 4;
  const recipe::Training options{.steps = 6, .batch = 4};
  return training::train_network(task, tests::store_examples(folder, targets),
                                 {recipe, options, split, tests::kExactCpu, seed, {}, until_flat});
}

}  // namespace

TEST_CASE("the network from scratch learns from the transfer split only, and keeps its last weights") {
  const auto scratch = train_on(data::Split::transfer, tests::random_targets(), 1);
  CHECK(tests::same_weights(scratch, train_on(data::Split::transfer, tests::with_other("train"), 1)));
  CHECK(tests::same_weights(scratch, train_on(data::Split::transfer, tests::with_other("validation"), 1)));
  CHECK(tests::same_weights(scratch, train_on(data::Split::transfer, tests::with_other("test"), 1)));
  CHECK_FALSE(
      tests::same_weights(scratch, train_on(data::Split::transfer, tests::with_other("transfer"), 1)));
  CHECK(scratch.summary.best_step == scratch.summary.steps);
  CHECK(std::isnan(scratch.summary.validation_loss));
}

TEST_CASE(
    "a network from scratch that trains until its loss stops falling holds out a part of the transfer "
    "split") {
  const tests::PixelTask task;
  const auto scratch = train_on(data::Split::transfer, tests::random_targets(), 1, task, true);
  CHECK(tests::same_weights(scratch,
                            train_on(data::Split::transfer, tests::with_other("validation"), 1, task, true)));
  CHECK(tests::same_weights(scratch,
                            train_on(data::Split::transfer, tests::with_other("test"), 1, task, true)));
  CHECK_FALSE(tests::same_weights(
      scratch, train_on(data::Split::transfer, tests::with_other("transfer"), 1, task, true)));
  CHECK(std::isfinite(scratch.summary.validation_loss));
  CHECK(scratch.summary.steps >= 2 * 6);
  CHECK(scratch.summary.steps <= 4 * 6);
}

TEST_CASE(
    "an encoder's first layer learns at its share of the rate, its last and the decoder at the whole one") {
  const auto start = [] {
    torch::manual_seed(1);
    recipe::Recipe recipe;
    recipe.network.width = recipe.network.channels = 4;
    return network::weights_of(
        training::SourceNetwork(recipe.network, tests::PixelTask(), tests::kStoredSide));
  }();
  const auto whole = weights_after_a_step(1.0), slow = weights_after_a_step(0.01);
  const auto ratio = [&](const std::string& name) {
    const auto moved = [&](const network::Weights& weights) {
      return (weights.at(name) - start.at(name)).abs().mean().item<double>();
    };
    return moved(slow) / moved(whole);
  };
  CHECK(ratio("encoder.conv1.weight") == doctest::Approx(0.01).epsilon(0.01));
  const double middle = ratio("encoder.blocks.2.conv1.weight");
  CHECK(middle > 0.03);
  CHECK(middle < 0.3);
  CHECK(ratio("encoder.squeeze.0.weight") == doctest::Approx(1.0).epsilon(0.01));
  for (const auto& [name, weight] : start)
    if (name.rfind("decoder.", 0) == 0 && name.ends_with(".weight"))
      CHECK_MESSAGE(torch::equal(whole.at(name), slow.at(name)), name);
}

TEST_CASE("tasks see augmented images in float32 where networks compute in bfloat16") {
  const tests::Folder folder;
  recipe::Recipe recipe;
  recipe.data.side = tests::kStoredSide;
  recipe.network.width = recipe.network.channels = 4;
  const recipe::Training options{.steps = 1, .batch = 4, .augment = "light"};
  const ShownImages task;
  static_cast<void>(training::train_network(
      task, tests::store_examples(folder, tests::random_targets()),
      {recipe, options, data::Split::train, network::Hardware{torch::kCPU, true}, 1, {}}));
  CHECK(task.precisions == std::set<torch::ScalarType>{torch::kFloat32});
}

TEST_CASE("a source learns from the training split only, and the validation split chooses its weights") {
  const auto source = train_on(data::Split::train, tests::random_targets(), 1);
  CHECK(tests::same_weights(source, train_on(data::Split::train, tests::with_other("transfer"), 1)));
  CHECK(tests::same_weights(source, train_on(data::Split::train, tests::with_other("test"), 1)));
  CHECK_FALSE(tests::same_weights(source, train_on(data::Split::train, tests::with_other("train"), 1)));
  CHECK(std::isfinite(source.summary.validation_loss));
}

TEST_CASE("the same seed gives the same weights, another seed others") {
  const auto first = train_on(data::Split::transfer, tests::random_targets(), 1);
  CHECK(tests::same_weights(first, train_on(data::Split::transfer, tests::random_targets(), 1)));
  CHECK_FALSE(tests::same_weights(first, train_on(data::Split::transfer, tests::random_targets(), 2)));
}

TEST_CASE("a task that is not trained keeps its first weights, whatever its labels") {
  const tests::PixelTask untrained(false, false);
  const auto network = train_on(data::Split::train, tests::random_targets(), 1, untrained);
  CHECK(network.summary.steps == 0);
  CHECK(tests::same_weights(network, train_on(data::Split::train, tests::with_other("train"), 1, untrained)));
  CHECK_FALSE(tests::same_weights(network, train_on(data::Split::train, tests::random_targets(), 1)));
}

TEST_CASE("a network begins with the weights that it is given, and draws the others from its seed") {
  const tests::Folder folder;
  recipe::Recipe recipe;
  recipe.data.side = tests::kStoredSide;
  recipe.network.width = recipe.network.channels = 4;
  const auto examples = tests::store_examples(folder, tests::random_targets());
  const tests::PixelTask task, untrained(false, false);
  const auto trained_from = [&](const network::Weights& first, const sdk::Task& of, std::uint64_t seed) {
    return training::train_network(of, examples,
                                   {.recipe = recipe,
                                    .options = {.steps = 6, .batch = 4},
                                    .split = data::Split::train,
                                    .hardware = tests::kExactCpu,
                                    .seed = seed,
                                    .first_weights = first});
  };
  auto start = network::weights_of(*trained_from({}, task, 9).network);
  const auto of_decoder = [](const auto& item) { return item.first.starts_with("decoder."); };
  // Nothing is trained here: what the network has is what it began with.
  const auto whole = network::weights_of(*trained_from(start, untrained, 1).network);
  for (const auto& [name, tensor] : whole) CHECK_MESSAGE(torch::equal(tensor, start.at(name)), name);
  std::erase_if(start, of_decoder);
  const auto fresh = network::weights_of(*trained_from({}, untrained, 1).network);
  for (const auto& [name, tensor] : network::weights_of(*trained_from(start, untrained, 1).network))
    CHECK_MESSAGE(torch::equal(tensor, (name.starts_with("decoder.") ? fresh : start).at(name)), name);
  CHECK_FALSE(tests::same_weights(trained_from(start, task, 1), trained_from({}, task, 1)));
}
namespace {

/// Shows its encoder the images upside down.
class UpsideDown final : public tests::PixelTask, public sdk::EncoderInput {
 public:
  const void* extension(std::string_view id) const noexcept override {
    return id == sdk::EncoderInput::kId ? static_cast<const sdk::EncoderInput*>(this) : nullptr;
  }
  torch::Tensor encoder_input(const torch::Tensor& images) const override { return images.flip({2}); }
};

}  // namespace

TEST_CASE("transfers show an encoder images as its task did in training") {
  recipe::Recipe recipe;
  recipe.network.width = recipe.network.channels = 4;
  torch::manual_seed(1);
  const auto encoder = network::make_encoder(recipe.network);
  const UpsideDown task;
  training::TaskEncoder shown(*encoder, &task), plain(*encoder, nullptr);
  shown.eval();
  plain.eval();
  const torch::NoGradGuard no_grad;
  const auto images = torch::rand({2, 3, tests::kStoredSide, tests::kStoredSide});
  CHECK(torch::equal(shown.forward(images), plain.forward(images.flip({2}))));
  CHECK_FALSE(torch::equal(shown.forward(images), plain.forward(images)));
}
