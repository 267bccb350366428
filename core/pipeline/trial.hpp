// A miniature of a run, to measure what the run will take: a few images, a few steps, one task of each sort.
#pragma once

#include <memory>

#include "core/jobs/job.hpp"
#include "core/pipeline/setup.hpp"
#include "core/recipe/recipe.hpp"

namespace taskonomy::pipeline {

/// The recipe with a dozen images in each split and a handful of training steps. It keeps all tasks, because they
/// decide which modalities samples are read with and how large their labels are. Throws Error where the dataset's own
/// split leaves no small part of it.
[[nodiscard]] recipe::Recipe trial_of(const Setup& setup);

/// The plan of a trial: the samples, and the examples of every task; networks and pictures of one task for each
/// combination of views and of label (pixels or numbers); every pretrained network looked through; transfers from the
/// first source alone; nothing judged.
[[nodiscard]] jobs::Plan trial_plan(const jobs::Plan& plan, const Setup& trial);

}  // namespace taskonomy::pipeline
