// The best statistically informed guess: the one prediction that is best on the training split whatever the
// image shows (paper Table 1, "avg").
#pragma once

#include <taskonomy/sdk/task.hpp>

#include "core/data/examples.hpp"
#include "core/network/precision.hpp"

namespace taskonomy::evaluate {

/// The constant prediction, a full image of its own for pixel tasks, that minimises the task's mean loss on
/// the training split; found by gradient descent on the prediction itself, because the host knows no task's
/// closed form. Returns its losses on the test split, float64 [N]; NaN where an image has no target.
[[nodiscard]] torch::Tensor constant_guess_losses(const sdk::Task& task, std::int64_t side,
                                                  const data::ExampleSet& examples,
                                                  const network::Hardware& hardware, std::uint64_t seed);

}  // namespace taskonomy::evaluate
