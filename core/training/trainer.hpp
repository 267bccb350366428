// The training loop that source networks, transfers and networks from scratch share (method.md steps I and
// II).
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include <taskonomy/sdk/torch.hpp>

#include "core/network/precision.hpp"
#include "core/recipe/recipe.hpp"

namespace taskonomy::training {

/// What is trained: a module, and its loss on examples by index.
struct Problem {
  std::string name;                 ///< for messages: "source/normal"
  torch::nn::Module& module;        ///< train() and eval() are called on it
  torch::Tensor train, validation;  ///< int64 indices of the examples; validation may be empty
  /// int64 [B] of train or validation -> losses float32 [B], one number per image.
  std::function<torch::Tensor(const torch::Tensor&indices)> train_losses, validation_losses;
};

/// What came of it.
struct Summary {
  std::int64_t steps = 0;
  std::int64_t best_step = 0;      ///< whose weights the module holds now
  double train_loss = 0.0;         ///< mean over the last tenth of the steps
  double validation_loss = 0.0;    ///< of the kept weights; NaN without a validation split
  double images_per_second = 0.0;  ///< through the network in training, validation aside
};

/// Trains with Adam and leaves the weights with the lowest validation loss in the module. Batches are drawn
/// without replacement, epoch by epoch, from a generator seeded with `seed`. Deterministic for one thread.
/// Throws Error when the loss is not [B] or not finite, naming the step.
Summary train(Problem& problem, const recipe::Training& options, const network::Hardware& hardware,
              std::uint64_t seed);

/// Losses of all examples at `indices`, in evaluation mode and without gradient -> float64 [n] on the CPU.
[[nodiscard]] torch::Tensor evaluate(torch::nn::Module& module,
                                     const std::function<torch::Tensor(const torch::Tensor&)>& losses,
                                     const torch::Tensor& indices, std::int64_t batch,
                                     const network::Hardware& hardware);

}  // namespace taskonomy::training
