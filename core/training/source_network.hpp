// Step I: one encoder-decoder per task, trained from full supervision. On the training split it is a source;
// on the small transfer split it is the network from scratch that Gain compares transfers with.
#pragma once

#include <cstdint>
#include <memory>

#include <taskonomy/sdk/extensions.hpp>
#include <taskonomy/sdk/task.hpp>

#include "core/data/examples.hpp"
#include "core/network/encoder.hpp"
#include "core/network/precision.hpp"
#include "core/network/weights.hpp"
#include "core/recipe/recipe.hpp"
#include "core/training/test_scores.hpp"
#include "core/training/trainer.hpp"

namespace taskonomy::training {

/// An encoder, which the views share, and the task's decoder on the representations of the views joined on
/// channels.
class SourceNetwork : public torch::nn::Module {
 public:
  /// Draws fresh weights from LibTorch's default generator.
  SourceNetwork(const recipe::Network& network, const sdk::Task& task, std::int64_t side);
  /// images [B*V,3,H,W] in [-1,1] -> prediction [B,...], float32.
  torch::Tensor forward(const torch::Tensor& images);
  [[nodiscard]] network::Encoder& encoder() { return *encoder_; }
  [[nodiscard]] sdk::Decoder& decoder() { return *decoder_; }

 private:
  std::int64_t views_;
  std::shared_ptr<network::Encoder> encoder_;
  std::shared_ptr<sdk::Decoder> decoder_;
};

/// A trained encoder as transfers use it: it sees plain images the way its task showed it images in training
/// (sdk::EncoderInput).
class TaskEncoder : public network::Encoder {
 public:
  /// Both outlive it. `task` null: images stay as they are.
  TaskEncoder(network::Encoder& encoder, const sdk::Task* task);
  torch::Tensor forward(const torch::Tensor& images) override;

 private:
  network::Encoder& encoder_;
  const sdk::Task* task_;
  const sdk::EncoderInput* input_;  ///< null: as they are
};

/// How a source network is trained.
struct SourceTraining {
  const recipe::Recipe& recipe;     ///< says what the network is and the side of the images
  const recipe::Training& options;  ///< steps, batch, learning rate
  data::Split split;                ///< train: a source. transfer: the network from scratch
  network::Hardware hardware;
  std::uint64_t seed;  ///< of the first weights and of the order of the examples
  StepListener on_step{};
  /// Trains as long as a tenth of the split, held out by scene, says that it helps (train_until_flat()), not
  /// for options.steps. For networks from scratch, whose split has no validation split beside it.
  bool until_flat = false;
  /// Trains on one in so many of the training examples (part_of_training()); the validation split stays
  /// whole.
  std::size_t divisor = 1;
  /// What the network begins with ("encoder.*", "decoder.*"; network/first_weights.hpp). Weights that are not
  /// named here are drawn from the seed.
  network::Weights first_weights{};
};

/// A trained network and how its training went.
struct TrainedNetwork {
  std::shared_ptr<SourceNetwork> network;
  Summary summary;
};

/// The examples of a split whose target counts, int64 indices into it, and a tenth of them held out: whole scenes where
/// scenes are what the recipe divides.
struct HeldOut {
  torch::Tensor train, validation;
};
[[nodiscard]] HeldOut hold_out_tenth(const data::ExampleSet& examples, data::Split split,
                                     const recipe::Recipe& recipe, std::uint64_t seed);

/// One in `divisor` of the training examples whose target counts, int64 indices into the split, ascending:
/// whole scenes where scenes are what the recipe divides and there are eight or more, else single images.
/// Parts are nested, so that a quarter lies within the half, and for all tasks of a recipe they are the same
/// images.
[[nodiscard]] torch::Tensor part_of_training(const data::ExampleSet& examples, const recipe::Recipe& recipe,
                                             std::size_t divisor);

/// Trains an encoder-decoder on one split, and looks at no other but for this: the validation split chooses
/// among the weights of a source. A network from scratch with a given number of steps keeps its last weights.
/// Tasks that are not trained (the random source) keep their first weights.
/// The same seed gives the same weights. Throws Error as train(), and for what the task throws.
[[nodiscard]] TrainedNetwork train_network(const sdk::Task& task, const data::ExampleSet& examples,
                                           const SourceTraining& training);

/// What a trained network is worth on the test split.
[[nodiscard]] TestScores score_network(SourceNetwork& network, const sdk::Task& task,
                                       const data::ExampleSet& examples, const Evaluation& evaluation);

/// Joins the V views of each example on channels: [B*V,C,h,w] -> [B,V*C,h,w].
[[nodiscard]] torch::Tensor join_views(const torch::Tensor& representations, std::int64_t views);

}  // namespace taskonomy::training
