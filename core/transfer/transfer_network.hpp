// Step II: a transfer reads out a target from the frozen representations of one or more sources.
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

/// Joined representations (clipped to mean -+ 5 sigma in training) -> BN -> two parallel branches of two 3x3
/// convolutions (BN, ReLU), as many channels each as come in -> joined, twice as many -> BN -> the target's
/// decoder from scratch. The views of a multi-view target share the branches; their results are joined on
/// channels before the decoder.
class TransferNetwork : public torch::nn::Module {
 public:
  /// Fresh weights from LibTorch's default generator.
  TransferNetwork(const recipe::Recipe& recipe, const sdk::Task& target,
                  const transfer::FeatureSet& features);
  /// representations [B*V,kC,h,w] -> prediction [B,...].
  torch::Tensor forward(const torch::Tensor& representations);

 private:
  std::int64_t views_;
  torch::Tensor low_, high_;
  torch::nn::BatchNorm2d input_norm_{nullptr}, joined_norm_{nullptr};
  torch::nn::Sequential first_branch_{nullptr}, second_branch_{nullptr};
  std::shared_ptr<sdk::Decoder> decoder_;
};

/// A trained transfer, how its training went, and what it is worth on the test split.
struct Trained {
  std::shared_ptr<TransferNetwork> network;
  training::Summary summary;
  training::TestScores scores;
};

/// Trains on the transfer split with the target's loss and judges on the test split.
[[nodiscard]] Trained train_transfer(const recipe::Recipe& recipe, const sdk::Task& target,
                                     const transfer::FeatureSet& features, const data::ExampleSet& examples,
                                     const network::Hardware& hardware, std::uint64_t seed);

}  // namespace taskonomy::transfer
