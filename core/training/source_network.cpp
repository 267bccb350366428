#include "core/training/source_network.hpp"

#include "core/base/hash.hpp"
#include "core/host/boundary.hpp"

namespace taskonomy::training {

SourceNetwork::SourceNetwork(const recipe::Network& network, const sdk::Task& task, std::int64_t side)
    : views_(sdk::input_views(task.info())) {
  encoder_ = register_module("encoder", network::make_encoder(network));
  const auto config = network::decoder_config(network, side, task.info(), network.channels);
  decoder_ = register_module(
      "decoder", host::call_task(task.info().id, "make_decoder", [&] { return task.make_decoder(config); }));
}

torch::Tensor SourceNetwork::forward(const torch::Tensor& images) {
  return decoder_->forward(join_views(encoder_->forward(images), views_)).to(torch::kFloat32);
}

TrainedNetwork train_network(const sdk::Task& task, const data::ExampleSet& examples,
                             const SourceTraining& training) {
  const auto& [recipe, options, split, hardware, seed, on_step] = training;
  torch::manual_seed(seed);
  TrainedNetwork trained{std::make_shared<SourceNetwork>(recipe.network, task, recipe.data.side), {}};
  network::prepare_module(*trained.network, hardware);
  if (!task.info().trained) return trained;

  const auto losses_on = [&](data::Split part) {
    return [&, part](const torch::Tensor& indices) {
      return host::call_task(task.info().id, "training", [&] {
        const auto batch = examples.batch(part, indices, training.hardware.device);
        return task.loss(trained.network->forward(batch.input), batch.target, batch.mask);
      });
    };
  };
  const bool validates = split == data::Split::train;
  Learner learner{
      .name = task.info().id,
      .module = *trained.network,
      .train = examples.valid(split),
      .validation = validates ? examples.valid(data::Split::validation) : torch::empty({0}, torch::kInt64),
      .train_losses = losses_on(split),
      .validation_losses = losses_on(data::Split::validation),
      .on_step = on_step};
  trained.summary = train(learner, options, hardware, base::seed_of(seed, "batches"));
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
