// The best statistically informed guess: the one prediction that is best on the training split whatever the
// image shows (paper Table 1, "avg").
#pragma once

#include <taskonomy/sdk/task.hpp>

#include "core/data/examples.hpp"
#include "core/network/precision.hpp"
#include "core/training/test_scores.hpp"

namespace taskonomy::training {

/// The constant prediction, a full image of its own for pixel tasks, that minimises the task's mean loss on
/// the training split; found by gradient descent on the prediction itself, because the host knows no task's
/// closed form. Returns what it is worth on the test split.
[[nodiscard]] training::TestScores constant_guess(const sdk::Task& task, std::int64_t side,
                                                  const data::ExampleSet& examples,
                                                  const network::Hardware& hardware, std::uint64_t seed);

}  // namespace taskonomy::training
