// What a network is worth on the test split: the task's loss per image, which tournaments compare, and the
// task's customary metrics, which are reported. Both come from one pass over the images.
#pragma once

#include <functional>

#include <taskonomy/sdk/torch.hpp>

#include <taskonomy/sdk/extensions.hpp>
#include <taskonomy/sdk/task.hpp>

#include "core/data/examples.hpp"
#include "core/training/trainer.hpp"

namespace taskonomy::training {

/// Scores on all N test images of a task; NaN where an image has no target or, for a metric, no value.
struct TestScores {
  torch::Tensor losses;   ///< float64 [N], lower is better
  torch::Tensor metrics;  ///< float32 [N,K]; K = 0 where the task offers none
};

/// Predictions [B,...] for int64 indices [B] into the test split.
using Predictor = std::function<torch::Tensor(const torch::Tensor& indices)>;

/// Judges a module on the test split in evaluation mode; `predict` calls it. Throws Error naming the task
/// when its loss is not [B] or its metrics not [B,K], and for whatever the task throws.
[[nodiscard]] TestScores score_on_test_split(torch::nn::Module& module, const sdk::Task& task,
                                             const data::ExampleSet& examples, const Predictor& predict,
                                             const Evaluation& evaluation);

}  // namespace taskonomy::training
