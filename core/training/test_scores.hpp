// What a network is worth on the test split: the task's loss per image, which tournaments compare, and the
// task's customary metrics, which are reported. Both come from one pass over the images.
#pragma once

#include <functional>
#include <string>

#include <taskonomy/sdk/torch.hpp>

#include <taskonomy/sdk/extensions.hpp>
#include <taskonomy/sdk/task.hpp>

#include "core/data/examples.hpp"
#include "core/training/trainer.hpp"

namespace taskonomy::training {

/// Scores on all N test images of a task; NaN where an image has no target or, for a metric, no value.
struct TestScores {
  /// float64 [N], lower is better. Infinity where an image has a target but the network's loss is NaN: the
  /// network has lost there, and others are compared on the image all the same.
  torch::Tensor losses;
  torch::Tensor metrics;  ///< float32 [N,K]; K = 0 where the task offers none
  torch::Tensor pooled;   ///< float64 [P] of all images together (sdk::PooledMetrics); P = 0 likewise
  /// What the task's metrics did wrong first, in a line: "measure: test images: no luck". Those that failed are NaN throughout.
  std::string metrics_failure{};
};

/// Predictions [B,...] for int64 indices [B] into the test split.
using Predictor = std::function<torch::Tensor(const torch::Tensor& indices)>;

/// The task's losses of a batch, in float32 whatever precision the networks compute in.
[[nodiscard]] torch::Tensor losses_of(const sdk::Task& task, const torch::Tensor& prediction,
                                      const data::Batch& labels);

/// Judges a module on the test split in evaluation mode; `predict` calls it. Throws Error naming the task
/// when its loss is not [B], and for whatever its loss throws. Metrics are reported and decide nothing, so that
/// those that throw, have another shape than [B,K] and [P], or (metrics_apart) crash or hang, cost the metrics alone:
/// see metrics_failure.
[[nodiscard]] TestScores score_on_test_split(torch::nn::Module& module, const sdk::Task& task,
                                             const data::ExampleSet& examples, const Predictor& predict,
                                             const Evaluation& evaluation);

}  // namespace taskonomy::training
