// Step II: a transfer predicts a target from the frozen representations of one or more sources (paper section
// 3.2).
#pragma once

#include <cstdint>
#include <memory>

#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/container/sequential.h>

#include <taskonomy/sdk/task.hpp>

#include "core/data/examples.hpp"
#include "core/network/precision.hpp"
#include "core/recipe/recipe.hpp"
#include "core/training/test_scores.hpp"
#include "core/training/trainer.hpp"
#include "core/transfer/features.hpp"

namespace taskonomy::transfer {

/// The network between joined representations and a target's prediction:
///
///   clip to mean -+ 5 sigma of the transfer split -> BN -> two parallel branches of two 3x3 convolutions (BN,
///   ReLU), each with as many channels as come in -> joined on channels, twice as many -> BN -> the target's
///   decoder, which starts from fresh weights.
///
/// It clips in judgement as in training: a channel that never varies on the transfer split has a running
/// variance of 0, and a test image that wakes it would be multiplied by 316.
///
/// The views of a multi-view target share the branches; their results are joined on channels before the
/// decoder.
class TransferNetwork : public torch::nn::Module {
 public:
  /// Draws fresh weights from LibTorch's default generator.
  TransferNetwork(const recipe::Recipe& recipe, const sdk::Task& target, const FeatureSet& features);
  /// The same for so many sources, to be filled with weights, which hold the bounds for clipping, too.
  TransferNetwork(const recipe::Recipe& recipe, const sdk::Task& target, std::size_t sources);
  /// representations [B*V,kC,h,w] -> prediction [B,...], float32.
  torch::Tensor forward(const torch::Tensor& representations);

 private:
  TransferNetwork(const recipe::Recipe& recipe, const sdk::Task& target, const torch::Tensor& low,
                  const torch::Tensor& high);

  std::int64_t views_;
  torch::Tensor low_, high_;
  torch::nn::BatchNorm2d input_norm_{nullptr}, joined_norm_{nullptr};
  torch::nn::Sequential first_branch_{nullptr}, second_branch_{nullptr};
  std::shared_ptr<sdk::Decoder> decoder_;
};

/// How a transfer is trained.
struct TransferTraining {
  const recipe::Recipe& recipe;  ///< says what its decoder is
  recipe::Training options;      ///< as recipe::transfer_training() has them
  network::Hardware hardware;
  std::uint64_t seed;  ///< of the first weights and of the order of the examples
  training::StepListener on_step{};
  bool metrics_apart = false;  ///< as training::Evaluation has it
};

/// What a training reads of the transfer split: on its device as far as there is room.
struct TransferData {
  FeatureSet features;
  data::ExampleSet examples;
};
[[nodiscard]] TransferData keep_data(const sdk::Task& target, const FeatureSet& features,
                                     const data::ExampleSet& examples, const TransferTraining& training);

/// A trained transfer, how its training went, and what it is worth on the test split.
struct TrainedTransfer {
  std::shared_ptr<TransferNetwork> network;
  training::Summary summary;
  training::TestScores scores;
};

/// Trains on the transfer split with the target's loss, keeps the last weights and judges them on the test
/// split. The same seed gives the same weights. Throws Error as training::train(), and for what the target
/// throws.
[[nodiscard]] TrainedTransfer train_transfer(const sdk::Task& target, const FeatureSet& features,
                                             const data::ExampleSet& examples,
                                             const TransferTraining& training);

/// What a transfer is worth on the test split.
[[nodiscard]] training::TestScores score_transfer(TransferNetwork& network, const sdk::Task& target,
                                                  const FeatureSet& features,
                                                  const data::ExampleSet& examples,
                                                  const TransferTraining& training);

}  // namespace taskonomy::transfer
