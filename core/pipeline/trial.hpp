// A miniature of a run, to measure what the run will take: a few images, a few steps, one task of each sort.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/jobs/job.hpp"
#include "core/pipeline/setup.hpp"
#include "core/recipe/recipe.hpp"

namespace taskonomy::pipeline {

/// Training steps of a trial: so many that building the networks weighs little.
inline constexpr std::int64_t kTrialSteps = 16;

/// The networks of a trial.
enum class TrialNetworks {
  one_of_a_sort,  ///< every stage, of one task for each combination of views and of label
  sources         ///< every task's source network, and nothing that comes after
};

/// The recipe with a dozen images in each split and a handful of training steps. It keeps all tasks, because
/// they decide which modalities samples are read with and how large their labels are. Throws Error where the
/// dataset's own split leaves no small part of it.
[[nodiscard]] recipe::Recipe trial_of(const Setup& setup, std::int64_t steps = kTrialSteps);

/// The plan of a trial: the samples, and the examples of every task; networks and pictures of one task for
/// each combination of views and of label (pixels or numbers); every pretrained network looked through;
/// transfers from the first source alone; nothing judged. With TrialNetworks::sources: the samples, every
/// task's examples and source network, the constant guess and the pictures of one task.
[[nodiscard]] jobs::Plan trial_plan(const jobs::Plan& plan, const Setup& trial,
                                    TrialNetworks networks = TrialNetworks::one_of_a_sort);

/// Bytes of GPU memory that a worker of the run takes at most (training::gpu_memory_of_training()), by the networks of
/// the tasks that see the most pixels; 0 where all tasks are of plugins from elsewhere, whose code runs in workers alone.
[[nodiscard]] std::uint64_t forecast_gpu_memory(const Setup& setup);

/// What the source network of a task takes, in seconds of one worker.
struct SourceTime {
  double fixed = 0.0;     ///< whatever the number of steps: validation and judgement
  double per_step = 0.0;  ///< of the recipe's number of steps, which may differ from task to task
};

/// The largest factor on the recipe's steps with which all source networks are done within `seconds`, when
/// `workers` take the longest that is left, one after the other. 0 where what is fixed takes longer.
[[nodiscard]] double factor_within(double seconds, const std::vector<SourceTime>& sources,
                                   std::size_t workers);

}  // namespace taskonomy::pipeline
