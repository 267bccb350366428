// What a prediction is worth on the test split: the task's loss per image, by which tournaments decide, and
// its customary metrics, which are reported. Both come from one pass over the images.
#pragma once

#include <cstdint>
#include <functional>

#include <taskonomy/sdk/torch.hpp>

#include <taskonomy/sdk/extensions.hpp>
#include <taskonomy/sdk/task.hpp>

#include "core/data/examples.hpp"
#include "core/network/precision.hpp"

namespace taskonomy::training {

/// Of all N test images of a task; NaN where an image has no target or, for a metric, no value.
struct TestScores {
  torch::Tensor losses;   ///< float64 [N]
  torch::Tensor metrics;  ///< float32 [N,K]; K = 0 where the task offers none
};

/// Judges a module on the test split in evaluation mode. `predict` gives predictions [B,...] for int64
/// indices [B] into the split. Throws Error naming the task when its loss is not [B] or its metrics not
/// [B,K], and for whatever it throws itself.
[[nodiscard]] TestScores score(torch::nn::Module& module, const sdk::Task& task,
                               const data::ExampleSet& examples,
                               const std::function<torch::Tensor(const torch::Tensor& indices)>& predict,
                               std::int64_t batch, const network::Hardware& hardware);

}  // namespace taskonomy::training
