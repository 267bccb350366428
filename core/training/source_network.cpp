#include "core/training/source_network.hpp"

#include <cmath>
#include <set>
#include <utility>

#include "core/base/error.hpp"
#include "core/base/hash.hpp"
#include "core/data/tensor_file.hpp"
#include "core/host/boundary.hpp"
#include "core/network/first_weights.hpp"

namespace taskonomy::training {

SourceNetwork::SourceNetwork(const recipe::Network& network, const sdk::Task& task, std::int64_t side)
    : views_(sdk::input_views(task.info())) {
  encoder_ = register_module("encoder", network::make_encoder(network));
  const auto config = network::decoder_config(network, side, task.info(), network.channels);
  decoder_ = register_module("decoder", network::make_decoder(task, config));
}

torch::Tensor SourceNetwork::forward(const torch::Tensor& images) {
  return decoder_->forward(join_views(encoder_->forward(images), views_)).to(torch::kFloat32);
}

TaskEncoder::TaskEncoder(network::Encoder& encoder, const sdk::Task* task)
    : encoder_(encoder),
      task_(task),
      input_(task == nullptr ? nullptr : sdk::extension_of<sdk::EncoderInput>(*task)) {}

torch::Tensor TaskEncoder::forward(const torch::Tensor& images) {
  encoder_.train(is_training());
  if (input_ == nullptr) return encoder_.forward(images);
  const auto shown = host::call_task(task_->info().id, "encoder_input", [&] {
    const network::FullPrecision full;
    return input_->encoder_input(images);
  });
  if (!shown.defined() || shown.sizes() != images.sizes())
    throw base::Error("task \"" + task_->info().id + "\": encoder_input gave " +
                      (shown.defined() ? data::describe(shown) : "nothing") + ", expected " +
                      data::describe(images));
  return encoder_.forward(shown.to(torch::kFloat32).contiguous(torch::MemoryFormat::ChannelsLast));
}

namespace {

constexpr double kHeldOut = 0.1;  ///< of the split of a training until its loss stops falling

/// Indices into a split, int64: what is learned, and what tells how well.
struct Parts {
  torch::Tensor train, validation;
  data::Split validation_split;
};

/// How a share of examples is chosen.
struct Division {
  double share;
  bool by_scene;
  std::uint64_t seed;
  std::size_t fewest_scenes = 0;  ///< with fewer, single images are chosen
};

/// "room" of "room/view_3", as datasets name their samples.
std::string scene_of(const std::string& id) { return id.substr(0, id.rfind('/')); }

/// Marks a share of the examples of a split whose target counts, bool [valid]: of whole scenes or of single
/// images.
torch::Tensor mark_share(const data::ExampleSet& examples, const torch::Tensor& valid, data::Split split,
                         const Division& division) {
  std::vector<std::string> places, scenes;
  for (std::int64_t i = 0; i < valid.numel(); ++i) {
    places.push_back(examples.ids(split)[static_cast<std::size_t>(valid[i].item<std::int64_t>())]);
    scenes.push_back(scene_of(places.back()));
  }
  const std::set<std::string> distinct(scenes.begin(), scenes.end());
  const bool by_scene = division.by_scene && distinct.size() >= division.fewest_scenes;
  torch::Tensor marked = torch::zeros({valid.numel()}, torch::kBool);
  for (const std::size_t i :
       data::hold_out(by_scene ? scenes : places, places, division.share, division.seed))
    marked[static_cast<std::int64_t>(i)] = true;
  return marked;
}

/// The parameters of a source network in groups: the encoder's layers at rates that grow by equal factors from
/// `first` to 1, and the decoder's at 1. A layer begins at each weight of a convolution or a linear layer; what
/// follows it (biases, batch norms) belongs to it. Empty with first = 1.
std::vector<ParameterGroup> layer_groups(SourceNetwork& network, double first) {
  if (first == 1.0) return {};
  std::vector<ParameterGroup> layers;
  for (const auto& parameter : network.encoder().parameters()) {
    if (layers.empty() || parameter.dim() > 1) layers.emplace_back();
    layers.back().parameters.push_back(parameter);
  }
  const auto last = static_cast<double>(layers.size()) - 1.0;
  for (std::size_t k = 0; k < layers.size(); ++k)
    layers[k].rate = last > 0.0 ? std::pow(first, 1.0 - static_cast<double>(k) / last) : first;
  if (auto rest = network.decoder().parameters(); !rest.empty()) layers.push_back({std::move(rest)});
  return layers;
}

Parts parts_of(const data::ExampleSet& examples, const SourceTraining& training) {
  using data::Split;
  const recipe::Recipe& recipe = training.recipe;
  if (training.split == Split::train)
    return {part_of_training(examples, recipe, training.divisor), examples.valid(Split::validation),
            Split::validation};
  const torch::Tensor valid = examples.valid(training.split).contiguous();
  if (!training.until_flat) return {valid, torch::empty({0}, torch::kInt64), training.split};
  auto [train, validation] = hold_out_tenth(examples, training.split, recipe, training.seed);
  return {std::move(train), std::move(validation), training.split};
}

/// What a training reads, on its device as far as there is room: first what it validates with, again and again whole.
data::ExampleSet keep_examples(const data::ExampleSet& examples, data::Split train, data::Split validation,
                               const data::Chance& chance, const network::Hardware& hardware) {
  data::ExampleSet kept = examples;
  data::Residence residence(hardware.device, hardware.room);
  if (validation != train) kept.keep_batches(validation, residence);
  kept.keep_batches_in_epoch(train, chance, residence);
  return kept;
}

}  // namespace

HeldOut hold_out_tenth(const data::ExampleSet& examples, data::Split split, const recipe::Recipe& recipe,
                       std::uint64_t seed) {
  const torch::Tensor valid = examples.valid(split).contiguous();
  const torch::Tensor held_out =
      mark_share(examples, valid, split, {kHeldOut, recipe.split.unit == "scene", seed});
  return {valid.masked_select(~held_out), valid.masked_select(held_out)};
}

torch::Tensor part_of_training(const data::ExampleSet& examples, const recipe::Recipe& recipe,
                               std::size_t divisor) {
  constexpr std::size_t kFewestScenes = 8;  // a quarter then holds two of them
  const torch::Tensor valid = examples.valid(data::Split::train).contiguous();
  if (divisor == 1) return valid;
  const Division division{1.0 / static_cast<double>(divisor), recipe.split.unit == "scene",
                          base::seed_of(recipe.seed, "learning curve"), kFewestScenes};
  return valid.masked_select(mark_share(examples, valid, data::Split::train, division));
}

TrainedNetwork train_network(const sdk::Task& task, const data::ExampleSet& examples,
                             const SourceTraining& training) {
  const auto& [recipe, options, split, hardware, seed, on_step, until_flat, divisor, first_weights] =
      training;
  static_cast<void>(divisor);  // parts_of() reads it
  torch::manual_seed(seed);
  TrainedNetwork trained{std::make_shared<SourceNetwork>(recipe.network, task, recipe.data.side), {}};
  network::load_first_weights(*trained.network, first_weights);
  network::prepare_module(*trained.network, hardware);
  if (!task.info().trained) return trained;

  const auto losses_of_batch = [&](const auto& make_batch) {
    return host::call_task(task.info().id, "training", [&] {
      const data::Batch batch = network::in_full_precision(make_batch);
      return losses_of(task, trained.network->forward(batch.input), batch);
    });
  };
  const auto device = hardware.device;
  const Parts parts = parts_of(examples, training);
  const data::Chance chance{task, training.seed, data::strength_named(options.augment)};
  const data::ExampleSet kept = keep_examples(examples, split, parts.validation_split, chance, hardware);
  Learner learner{
      .name = task.info().id,
      .module = *trained.network,
      .train = parts.train,
      .validation = parts.validation,
      .train_losses =
          [&, part = split](const data::Epoch& epoch) {
            return losses_of_batch([&] { return kept.batch_in_epoch(part, epoch, chance, device); });
          },
      .validation_losses =
          [&](const torch::Tensor& indices) {
            return losses_of_batch([&] { return kept.batch(parts.validation_split, indices, device); });
          },
      .on_step = on_step,
      .groups = layer_groups(*trained.network, options.first_layer_rate)};
  const auto batches = base::seed_of(seed, "batches");
  trained.summary = until_flat ? train_until_flat(learner, options, hardware, batches)
                               : train(learner, options, hardware, batches);
  return trained;
}

TestScores score_network(SourceNetwork& network, const sdk::Task& task, const data::ExampleSet& examples,
                         const Evaluation& evaluation) {
  const auto predict = [&](const torch::Tensor& indices) {
    return network.forward(examples.inputs(data::Split::test, indices, evaluation.hardware.device));
  };
  return score_on_test_split(network, task, examples, predict, evaluation);
}

torch::Tensor join_views(const torch::Tensor& representations, std::int64_t views) {
  if (views == 1) return representations;
  return representations.unflatten(0, {-1, views}).flatten(1, 2);
}

}  // namespace taskonomy::training
