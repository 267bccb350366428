// What a run will take, measured by a miniature of it before it begins (core/pipeline/trial.hpp).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "apps/learning/workshop.hpp"
#include "core/jobs/forecast.hpp"
#include "core/pipeline/trial.hpp"

namespace taskonomy::cli {

/// How a trial is made.
struct TrialSettings {
  pipeline::TrialNetworks networks = pipeline::TrialNetworks::one_of_a_sort;
  std::int64_t steps = pipeline::kTrialSteps;
  std::size_t workers = 1;  ///< processes; workers that share a machine slow each other down
};

/// What a trial tells of the run.
struct Measured {
  jobs::Costs costs;
  jobs::JobRecords records;  ///< of the trial's jobs
  double memory = 0.0;       ///< bytes that one worker holds at most; 0: no trial
  bool without_gpu =
      false;  ///< the run wants GPUs and this machine has none: the trial's seconds are its processors'
};

/// Runs a miniature of the recipe in worker processes and learns the costs of its jobs. Returns done, or the
/// code of the signal that stopped it; the miniature's folder is gone either way.
[[nodiscard]] base::ExitCode measure(const Workshop& workshop, const std::vector<std::string>& plugin_dirs,
                                     const TrialSettings& settings, Measured& measured);

}  // namespace taskonomy::cli
