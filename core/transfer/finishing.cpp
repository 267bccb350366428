#include "core/transfer/finishing.hpp"

#include <functional>
#include <string>
#include <utility>

#include "core/base/hash.hpp"
#include "core/host/boundary.hpp"
#include "core/training/source_network.hpp"

namespace taskonomy::transfer {

namespace {

using data::Split;

/// Predictions [B,...] for examples of a split, int64 indices [B].
using SplitPredictor = std::function<torch::Tensor(Split split, const torch::Tensor& indices)>;

/// A network that learns on, and how it is shown examples.
struct Pupil {
  torch::nn::Module& module;
  training::EpochLossFunction train_losses;
  SplitPredictor predict;
  std::vector<training::ParameterGroup> groups{};
};

/// Trains it until its loss on a held-out tenth of the transfer split stops falling.
training::Summary train_on(Pupil& pupil, const sdk::Task& target, const data::ExampleSet& examples,
                           const TransferTraining& how) {
  auto [train, validation] = training::hold_out_tenth(examples, Split::transfer, how.recipe, how.seed);
  const auto validation_losses = [&](const torch::Tensor& indices) {
    return host::call_task(target.info().id, "finish", [&] {
      return training::losses_of(target, pupil.predict(Split::transfer, indices),
                                 examples.labels(Split::transfer, indices, how.hardware.device));
    });
  };
  // What the comparison left is a candidate, too: it stays where no round does better on the held-out images.
  const auto begun = network::weights_of(pupil.module);
  const double loss_at_first =
      training::evaluate(pupil.module, validation_losses, validation, {how.options.batch, how.hardware})
          .mean()
          .item<double>();
  training::Learner learner{.name = target.info().id,
                            .module = pupil.module,
                            .train = std::move(train),
                            .validation = std::move(validation),
                            .train_losses = pupil.train_losses,
                            .validation_losses = validation_losses,
                            .on_step = how.on_step,
                            .groups = pupil.groups};
  auto summary =
      training::train_until_flat(learner, how.options, how.hardware, base::seed_of(how.seed, "batches"));
  if (summary.validation_loss >= loss_at_first) {
    network::load_weights(pupil.module, begun);
    summary.validation_loss = loss_at_first;
    summary.best_step = 0;
  }
  return summary;
}

training::TestScores judge(Pupil& pupil, const sdk::Task& target, const data::ExampleSet& examples,
                           const TransferTraining& how) {
  return training::score_on_test_split(
      pupil.module, target, examples,
      [&](const torch::Tensor& indices) { return pupil.predict(Split::test, indices); },
      {how.options.batch, how.hardware, how.metrics_apart});
}

}  // namespace

TunedTransfer::TunedTransfer(const recipe::Recipe& recipe, const sdk::Task& target,
                             std::vector<std::shared_ptr<const sdk::Task>> shown_by)
    : shown_by_(std::move(shown_by)) {
  for (std::size_t k = 0; k < shown_by_.size(); ++k)
    encoders_.push_back(
        register_module("encoder_" + std::to_string(k), network::make_encoder(recipe.network)));
  transfer_ =
      register_module("transfer", std::make_shared<TransferNetwork>(recipe, target, shown_by_.size()));
}

torch::Tensor TunedTransfer::forward(const torch::Tensor& images) {
  std::vector<torch::Tensor> representations;
  for (std::size_t k = 0; k < encoders_.size(); ++k)
    representations.push_back(training::TaskEncoder(*encoders_[k], shown_by_[k].get()).forward(images));
  return transfer_->forward(torch::cat(representations, 1));
}

training::Summary finish_transfer(TransferNetwork& network, const sdk::Task& target,
                                  const FeatureSet& features, const data::ExampleSet& examples,
                                  const TransferTraining& training) {
  network::prepare_module(network, training.hardware);
  const auto device = training.hardware.device;
  const TransferData kept = keep_data(target, features, examples, training);
  const auto seen = [&](Split split, const torch::Tensor& indices) {
    return network.forward(kept.features.batch(split, indices, device));
  };
  const auto train_losses = [&](const data::Epoch& epoch) {
    return host::call_task(target.info().id, "finish", [&] {
      const auto labels = network::in_full_precision([&] {
        return kept.examples.labels_in_epoch(Split::transfer, epoch, {target, training.seed}, device);
      });
      return training::losses_of(target, seen(Split::transfer, epoch.indices), labels);
    });
  };
  Pupil pupil{network, train_losses, seen};
  return train_on(pupil, target, kept.examples, training);
}

TrainedTuned tune_transfer(TunedTransfer& network, const sdk::Task& target, const data::ExampleSet& examples,
                           const TransferTraining& training, double encoder_rate) {
  network::prepare_module(network, training.hardware);
  const auto device = training.hardware.device;
  const data::Chance chance{target, training.seed, data::strength_named(training.options.augment)};
  Pupil pupil{network,
              [&](const data::Epoch& epoch) {
                return host::call_task(target.info().id, "finish", [&] {
                  const auto batch = network::in_full_precision(
                      [&] { return examples.batch_in_epoch(Split::transfer, epoch, chance, device); });
                  return training::losses_of(target, network.forward(batch.input), batch);
                });
              },
              [&](Split split, const torch::Tensor& indices) {
                return network.forward(examples.inputs(split, indices, device));
              },
              {{network.transfer().parameters()}}};
  for (const auto& encoder : network.encoders())
    pupil.groups.push_back({encoder->parameters(), encoder_rate});
  TrainedTuned trained;
  trained.summary = train_on(pupil, target, examples, training);
  trained.scores = judge(pupil, target, examples, training);
  return trained;
}

}  // namespace taskonomy::transfer
