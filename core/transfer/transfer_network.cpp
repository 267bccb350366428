#include "core/transfer/transfer_network.hpp"

#include <taskonomy/sdk/detail/fused_norm.hpp>

#include <torch/nn/modules/activation.h>

#include "core/base/hash.hpp"
#include "core/host/boundary.hpp"
#include "core/network/encoder.hpp"
#include "core/network/resnet.hpp"
#include "core/training/source_network.hpp"

namespace taskonomy::transfer {

namespace nn = torch::nn;
using sdk::detail::forward_fused;
using sdk::detail::norm;

namespace {

/// Two 3x3 convolutions that keep the number of channels, each with BN and ReLU.
nn::Sequential make_branch(std::int64_t channels) {
  nn::Sequential layers;
  for (int layer = 0; layer < 2; ++layer) {
    layers->push_back(network::conv3x3(channels, channels));
    layers->push_back(nn::BatchNorm2d(channels));
    layers->push_back(nn::ReLU(nn::ReLUOptions(true)));
  }
  return layers;
}

}  // namespace

TransferNetwork::TransferNetwork(const recipe::Recipe& recipe, const sdk::Task& target,
                                 const FeatureSet& features)
    : TransferNetwork(recipe, target, features.low(), features.high()) {}

TransferNetwork::TransferNetwork(const recipe::Recipe& recipe, const sdk::Task& target, std::size_t sources)
    : TransferNetwork(recipe, target,
                      torch::zeros({1, recipe.network.channels * static_cast<std::int64_t>(sources), 1, 1}),
                      torch::zeros({1, recipe.network.channels * static_cast<std::int64_t>(sources), 1, 1})) {
}

TransferNetwork::TransferNetwork(const recipe::Recipe& recipe, const sdk::Task& target,
                                 const torch::Tensor& low, const torch::Tensor& high)
    : views_(sdk::input_views(target.info())) {
  const std::int64_t channels = low.size(1);
  low_ = register_buffer("low", low);
  high_ = register_buffer("high", high);
  input_norm_ = register_module("input_norm", nn::BatchNorm2d(channels));
  first_branch_ = register_module("first_branch", make_branch(channels));
  second_branch_ = register_module("second_branch", make_branch(channels));
  joined_norm_ = register_module("joined_norm", nn::BatchNorm2d(2 * channels));
  const auto config = network::decoder_config(recipe.network, recipe.data.side, target.info(), 2 * channels);
  decoder_ = register_module("decoder", network::make_decoder(target, config));
}

torch::Tensor TransferNetwork::forward(const torch::Tensor& representations) {
  const auto clipped = torch::min(torch::max(representations, low_), high_);
  const auto normal = norm(*input_norm_, clipped);
  const auto joined =
      norm(*joined_norm_,
           torch::cat({forward_fused(first_branch_, normal), forward_fused(second_branch_, normal)}, 1));
  return decoder_->forward(training::join_views(joined, views_)).to(torch::kFloat32);
}

TransferData keep_data(const sdk::Task& target, const FeatureSet& features, const data::ExampleSet& examples,
                       const TransferTraining& training) {
  TransferData kept{features, examples};
  data::Residence residence(training.hardware.device, training.hardware.room);
  kept.features.keep(residence);
  kept.examples.keep_labels_in_epoch(data::Split::transfer, target, residence);
  return kept;
}

TrainedTransfer train_transfer(const sdk::Task& target, const FeatureSet& features,
                               const data::ExampleSet& examples, const TransferTraining& training) {
  const auto& [recipe, options, hardware, seed, on_step, metrics_apart] = training;
  static_cast<void>(metrics_apart);  // score_transfer() reads it
  torch::manual_seed(seed);
  TrainedTransfer trained{std::make_shared<TransferNetwork>(recipe, target, features), {}, {}};
  network::prepare_module(*trained.network, hardware);

  const TransferData kept = keep_data(target, features, examples, training);
  const auto train_losses = [&](const data::Epoch& epoch) {
    return host::call_task(target.info().id, "transfer", [&] {
      const auto labels = network::in_full_precision([&] {
        return kept.examples.labels_in_epoch(data::Split::transfer, epoch, {target, training.seed},
                                             training.hardware.device);
      });
      const auto seen = kept.features.batch(data::Split::transfer, epoch.indices, training.hardware.device);
      return training::losses_of(target, trained.network->forward(seen), labels);
    });
  };
  training::Learner learner{.name = target.info().id,
                            .module = *trained.network,
                            .train = examples.valid(data::Split::transfer),
                            .validation = torch::empty({0}, torch::kInt64),
                            .train_losses = train_losses,
                            .validation_losses = {},
                            .on_step = on_step};
  trained.summary = training::train(learner, options, hardware, base::seed_of(seed, "batches"));
  trained.scores = score_transfer(*trained.network, target, features, examples, training);
  return trained;
}

training::TestScores score_transfer(TransferNetwork& network, const sdk::Task& target,
                                    const FeatureSet& features, const data::ExampleSet& examples,
                                    const TransferTraining& training) {
  const auto predict = [&](const torch::Tensor& indices) {
    return network.forward(features.batch(data::Split::test, indices, training.hardware.device));
  };
  return training::score_on_test_split(network, target, examples, predict,
                                       {training.options.batch, training.hardware, training.metrics_apart});
}

}  // namespace taskonomy::transfer
