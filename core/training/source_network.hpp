// Step I: one encoder-decoder per source task, trained from full supervision on the training split.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <taskonomy/sdk/task.hpp>

#include "core/data/examples.hpp"
#include "core/network/encoder.hpp"
#include "core/network/precision.hpp"
#include "core/network/weights.hpp"
#include "core/recipe/recipe.hpp"
#include "core/training/test_scores.hpp"
#include "core/training/trainer.hpp"

namespace taskonomy::training {

/// Encoder, shared by the views, and the task's decoder on the representations joined on channels.
class SourceNetwork : public torch::nn::Module {
 public:
  /// Fresh weights from LibTorch's default generator.
  SourceNetwork(const recipe::Network& network, const sdk::Task& task, std::int64_t side);
  /// images [B*V,3,H,W] -> prediction [B,...].
  torch::Tensor forward(const torch::Tensor& images);
  [[nodiscard]] network::Encoder& encoder() { return *encoder_; }

 private:
  std::int64_t views_;
  std::shared_ptr<network::Encoder> encoder_;
  std::shared_ptr<sdk::Decoder> decoder_;
};

/// A trained network and how its training went.
struct Trained {
  std::shared_ptr<SourceNetwork> network;
  training::Summary summary;
};

/// Trains on `split` (train: a source; transfer: the network from scratch that Gain compares with). The
/// validation split chooses among the weights of a source; a network from scratch keeps its last ones,
/// because a transfer split has no validation images to spare. Tasks that are not trained (the random source)
/// keep their initial weights.
[[nodiscard]] Trained train_network(const recipe::Recipe& recipe, const recipe::Training& options,
                                    const sdk::Task& task, const data::ExampleSet& examples,
                                    data::Split split, const network::Hardware& hardware, std::uint64_t seed);

/// What the network is worth on the test split.
[[nodiscard]] training::TestScores test_scores(SourceNetwork& network, const sdk::Task& task,
                                               const data::ExampleSet& examples, std::int64_t batch,
                                               const network::Hardware& hardware);

/// Joins views on channels: [B*V,C,h,w] -> [B,V*C,h,w].
[[nodiscard]] torch::Tensor join_views(const torch::Tensor& representations, std::int64_t views);

}  // namespace taskonomy::training
