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

Trained train_network(const recipe::Recipe& recipe, const recipe::Training& options, const sdk::Task& task,
                      const data::ExampleSet& examples, data::Split split, const network::Hardware& hardware,
                      std::uint64_t seed) {
  torch::manual_seed(seed);
  Trained trained{std::make_shared<SourceNetwork>(recipe.network, task, recipe.data.side), {}};
  network::prepare(*trained.network, hardware);
  if (!task.info().trained) return trained;

  const auto losses_on = [&](data::Split part) {
    return [&, part](const torch::Tensor& indices) {
      return host::call_task(task.info().id, "training", [&] {
        const auto batch = examples.batch(part, indices, hardware.device);
        return task.loss(trained.network->forward(batch.input), batch.target, batch.mask);
      });
    };
  };
  const bool validates = split == data::Split::train;
  training::Problem problem{
      .name = task.info().id,
      .module = *trained.network,
      .train = examples.valid(split),
      .validation = validates ? examples.valid(data::Split::validation) : torch::empty({0}, torch::kInt64),
      .train_losses = losses_on(split),
      .validation_losses = losses_on(data::Split::validation)};
  trained.summary = training::train(problem, options, hardware, base::seed_of(seed, "batches"));
  return trained;
}

training::TestScores test_scores(SourceNetwork& network, const sdk::Task& task,
                                 const data::ExampleSet& examples, std::int64_t batch,
                                 const network::Hardware& hardware) {
  const auto predict = [&](const torch::Tensor& indices) {
    return network.forward(examples.inputs(data::Split::test, indices, hardware.device));
  };
  return training::score(network, task, examples, predict, batch, hardware);
}

torch::Tensor join_views(const torch::Tensor& representations, std::int64_t views) {
  if (views == 1) return representations;
  return representations.unflatten(0, {-1, views}).flatten(1, 2);
}

}  // namespace taskonomy::training
