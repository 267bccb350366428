// A novel task against a run: only the transfers into it are trained, from the encoders that the run has.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/jobs/job.hpp"
#include "core/pipeline/setup.hpp"

namespace taskonomy::pipeline {

/// What is to be trained for the placed task.
struct PlaceOptions {
  std::vector<std::string> sources;  ///< that are tried; empty = every source of the run
  bool own_network = false;          ///< train its own network as well: it competes, and Quality is known
};

/// The jobs of a placed task, in the run's own folder: whoever adds the task to the recipe later has them.
struct Placement {
  jobs::Plan plan;
  /// Jobs of the run that the task's jobs read, directly or through others; all must be done. Part of the
  /// plan.
  std::vector<std::string> needed;
};

/// `setup` is one of the run's recipe with a placed task at its end, `run` one of the recipe itself.
/// Nothing that the run made is made again or replaced: shortlist, tournament and affinities are those of the
/// placed task, which the run's reports do not know. Throws Error as make_plan(), and for a task whose role
/// is source or that the dataset lacks labels for.
[[nodiscard]] Placement place(std::shared_ptr<const Setup> setup, std::shared_ptr<const Setup> run,
                              const std::filesystem::path& folder, const PlaceOptions& options);

}  // namespace taskonomy::pipeline
