// The training loop that source networks, networks from scratch, transfers and constant guesses share
// (method.md, steps I and II).
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <taskonomy/sdk/torch.hpp>

#include "core/data/examples.hpp"
#include "core/network/precision.hpp"
#include "core/recipe/recipe.hpp"
#include "core/training/flat_adam.hpp"

namespace taskonomy::training {

/// Losses of the examples at `indices`, int64 [B] -> float [B], one number per image.
using LossFunction = std::function<torch::Tensor(const torch::Tensor& indices)>;
/// The same of training examples, which may differ from epoch to epoch.
using EpochLossFunction = std::function<torch::Tensor(const data::Epoch& epoch)>;

/// Hears of a training under way: steps done, of how many, and the latest loss that is known.
using StepListener = std::function<void(std::int64_t step, std::int64_t steps, double loss)>;

/// A module that learns, and what from.
struct Learner {
  std::string name;                 ///< begins the messages: "normal"
  torch::nn::Module& module;        ///< train() and eval() are called on it
  torch::Tensor train, validation;  ///< int64: indices of the examples; validation may be empty
  EpochLossFunction train_losses;
  LossFunction validation_losses;
  StepListener on_step{};        ///< called after every step; may be null
  std::int64_t first_epoch = 0;  ///< number of the first epoch, for trainings that go on
  /// Every parameter of the module once; empty: all at the whole rate.
  std::vector<ParameterGroup> groups{};
};

/// How a training went.
struct Summary {
  std::int64_t steps = 0;          ///< taken
  std::int64_t epochs = 0;         ///< begun
  std::int64_t best_step = 0;      ///< the step whose weights the module holds now
  double train_loss = 0.0;         ///< mean over the last tenth of the steps
  double validation_loss = 0.0;    ///< of the kept weights; NaN without validation examples
  double images_per_second = 0.0;  ///< through the network in training; time for validation does not count
};

/// Trains with Adam at the rates of Pace (schedule.hpp) and leaves the weights with the lowest validation loss in
/// the module; without validation examples the last ones. Batches are drawn without replacement, epoch by epoch,
/// from a generator seeded with `seed`. The same seed gives the same weights on one thread of a CPU. Throws Error
/// naming the step when the loss is not [B] or not finite, and when the schedule needs validation examples that
/// are not there.
Summary train(Learner& learner, const recipe::Training& options, const network::Hardware& hardware,
              std::uint64_t seed);

/// The rounds of train_until_flat(), in times options.steps.
inline constexpr std::array<std::int64_t, 3> kRounds{1, 1, 2};

/// Trains as long as it helps: in rounds of options.steps, once more as many, and twice as many. Each goes on
/// from the weights of the one before, with the schedule from its beginning, so that every round ends at the
/// lowest rate and what it reached can be compared (warm restarts: Loshchilov and Hutter 2017). The first round
/// that does not lower the validation loss is the last, and its weights are dropped. Needs validation
/// examples; throws as train().
Summary train_until_flat(Learner& learner, const recipe::Training& options, const network::Hardware& hardware,
                         std::uint64_t seed);

/// How a module is run over examples to judge it.
struct Evaluation {
  std::int64_t batch = 64;  ///< images at once; the results do not depend on it but for rounding
  network::Hardware hardware;
  /// The task's metrics are computed in copies of this process, so that one that crashes or hangs costs the metrics
  /// alone: for plugins that this program was not installed with. Takes some milliseconds a batch.
  bool metrics_apart = false;

  /// Images that go through at once: of `batch` what the hardware has room for.
  [[nodiscard]] std::int64_t at_once() const {
    return std::max<std::int64_t>(1, static_cast<std::int64_t>(static_cast<double>(batch) * hardware.share));
  }
};

/// Losses of all examples at `indices`, in evaluation mode and without gradient -> float64 [n] on the CPU.
/// Throws Error when the losses are not [B].
[[nodiscard]] torch::Tensor evaluate(torch::nn::Module& module, const LossFunction& losses,
                                     const torch::Tensor& indices, const Evaluation& evaluation);

}  // namespace taskonomy::training
