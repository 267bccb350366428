// The best statistically informed guess: the one prediction that is best on the training split whatever the
// image shows (paper Table 1, "avg"). A network that does not beat it has learned nothing from the images.
#pragma once

#include <cstdint>

#include <taskonomy/sdk/task.hpp>

#include "core/data/examples.hpp"
#include "core/network/precision.hpp"
#include "core/training/test_scores.hpp"

namespace taskonomy::training {

/// Finds the constant prediction with the lowest mean loss on the training split, and scores it on the test
/// split. For pixel tasks it is a full image of its own of side x side. The host knows no task's loss, so it
/// tries what is best for the common ones and what gradient descent finds, and keeps the best of them (a closed form
/// also where it is up to 1 % worse):
///
///   per-pixel median        exact for a mean absolute difference
///   per-pixel mean          exact for a mean squared difference
///   logarithm of the share  exact for a cross entropy against class ids, or against soft labels; a class
///   of each class           that never stood in a place counts as a hundredth of an image
///   descent                 150 steps on the prediction itself, for any other loss: expect an error of some
///                           hundredths of a unit for targets within -5..5
///
/// A masked image weighs 1 / (its masked pixels) in each of them, as it does in a mean over them. Throws Error as
/// train().
[[nodiscard]] TestScores score_constant_guess(const sdk::Task& task, const data::ExampleSet& examples,
                                              std::int64_t side, const network::Hardware& hardware,
                                              std::uint64_t seed);

}  // namespace taskonomy::training
