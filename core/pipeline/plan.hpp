// From a recipe to jobs: the whole method as a graph (method.md steps I to IV).
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/jobs/job.hpp"
#include "core/pipeline/setup.hpp"

namespace taskonomy::pipeline {

/// The jobs of a run in `folder`.
///   samples/KIND/I                     samples decoded or rendered, in shards
///   images/KIND, examples/T            what networks see and what they should say
///   source/T, scratch/T, constant/T    step I, and the references of Gain and of Table 1
///   curve/T@2, curve/T@4               sources on a half and a quarter of the images, if the recipe says so
///   features/S/INPUT                   frozen encoders looked through once
///   transfer/T/S                       step II, first order
///   shortlist/T  ->  transfer/T/S1+S2  step II, higher orders, known when the first order is judged
///   affinity/T                         step III
///   report                             step IV and the pictures
/// A task that fails leaves the rest of the run standing: shortlist, affinity and report go on with what is
/// left. Throws Error when the recipe cannot be planned: plugins, modalities, image side, splits, starts. The
/// plan keeps the setup.
[[nodiscard]] jobs::Plan make_plan(std::shared_ptr<const Setup> setup, const std::filesystem::path& folder);

/// The jobs that shortlist/TARGET will bring, with an arbitrary ranking of the sources: as many, and as
/// heavy, as those of the ranking that the run will find.
[[nodiscard]] std::vector<jobs::Job> foreseen_jobs(const Setup& setup, const std::string& target);

}  // namespace taskonomy::pipeline
