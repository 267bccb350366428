// The best statistically informed guesses: the predictions that are best on the training split whatever the
// image shows (paper Table 1, "avg"). A network that does not beat them has learned nothing from the images.
#pragma once

#include <cstdint>

#include <taskonomy/sdk/task.hpp>

#include "core/data/examples.hpp"
#include "core/network/precision.hpp"
#include "core/training/test_scores.hpp"

namespace taskonomy::training {

/// What the guesses are worth on the test split.
struct GuessScores {
  TestScores constant;  ///< of a full image, a value for each place and channel: the stricter guess
  TestScores average;   ///< of a value for each channel, the same at every place: the paper's `avg`
};

/// Finds the constant predictions with the lowest mean loss on the training split, and scores them on the
/// test split. Only of pixel tasks the two differ; a vector has no places. The host knows no task's loss, so
/// it tries what is best for the common ones and what gradient descent finds, and keeps the best of them (a
/// closed form also where it is up to 1 % worse):
///
///   median                  exact for a mean absolute difference
///   mean                    exact for a mean squared difference
///   logarithm of the share  exact for a cross entropy against class ids, or against soft labels; a class
///   of each class           that never occurred counts as a hundredth of an image
///   descent                 150 steps on the prediction itself, for any other loss: expect an error of some
///                           hundredths of a unit for targets within -5..5
///
/// A masked image weighs 1 / (its masked pixels) in each of them, as it does in a mean over them. Of more than 16,384
/// training images so many are looked at, evenly picked. Throws Error as train(). `metrics_apart`: as Evaluation has it.
[[nodiscard]] GuessScores score_constant_guesses(const sdk::Task& task, const data::ExampleSet& examples,
                                                 std::int64_t side, const network::Hardware& hardware,
                                                 std::uint64_t seed, bool metrics_apart = false);

}  // namespace taskonomy::training
