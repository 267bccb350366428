// How a run stands, seen from outside.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/jobs/run_directory.hpp"
#include "core/jobs/scheduler.hpp"

namespace taskonomy::jobs {

/// How a run folder stands, from its records and jobs/plan.json alone: no plugin is loaded.
struct RunStatus {
  struct Stage {
    std::string name;
    std::size_t all = 0, done = 0, failed = 0;
    std::uint64_t bytes = 0;  ///< of the artefacts of its finished jobs
    double seconds = 0.0;     ///< spent on them
  };
  std::vector<Stage> stages;                    ///< in order of the plan
  std::vector<Failure> failures;                ///< of the last run, unless done since
  std::vector<std::string> next;                ///< the first jobs that are neither done nor failed
  std::string until;                            ///< where the last run was told to stop; "" = at the end
  std::map<std::string, std::string> left_out;  ///< tasks whose labels the dataset lacks -> why
  std::vector<PluginRecord> plugins;            ///< that it is made with
  std::vector<JobRecord> incomplete;  ///< of finished jobs that left out samples, in order of the plan
  int process = 0;                    ///< that works on it now; 0 = none
  [[nodiscard]] bool finished() const;
};
/// Throws Error when the folder holds no run, or one that never began.
[[nodiscard]] RunStatus status_of(const RunDirectory& run);

}  // namespace taskonomy::jobs
