// The best statistically informed guess: the one prediction that is best on the training split whatever the
// image shows (paper Table 1, "avg"). A network that does not beat it has learned nothing from the images.
#pragma once

#include <cstdint>

#include <taskonomy/sdk/task.hpp>

#include "core/data/examples.hpp"
#include "core/network/precision.hpp"
#include "core/training/test_scores.hpp"

namespace taskonomy::training {

/// Fits the constant prediction that minimises the task's mean loss on the training split, and scores it on
/// the test split. For pixel tasks it is a full image of its own of side x side: the median image for an
/// absolute loss, the mean image for a squared one. It is found by gradient descent on the prediction itself,
/// because the host knows no task's closed form: expect an error of some hundredths of a unit at most for
/// targets within -5..5. Throws Error as train().
[[nodiscard]] TestScores score_constant_guess(const sdk::Task& task, const data::ExampleSet& examples,
                                              std::int64_t side, const network::Hardware& hardware,
                                              std::uint64_t seed);

}  // namespace taskonomy::training
