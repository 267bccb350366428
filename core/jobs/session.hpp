// One `taskonomy run` in a prepared run folder: from the plan to the closing line, whatever happens in
// between.
#pragma once

#include <filesystem>
#include <functional>
#include <iosfwd>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/base/error.hpp"
#include "core/jobs/pool.hpp"
#include "core/jobs/progress.hpp"
#include "core/jobs/run_directory.hpp"
#include "core/jobs/scheduler.hpp"

namespace taskonomy::jobs {

/// What a session needs beside the plan.
struct SessionSettings {
  double job_timeout = 0.0;           ///< seconds; 0 = Durations::limit() decides
  std::vector<std::string> tasks;     ///< ids, to name the task of a failed job
  std::string repeat;                 ///< the command line that repeats a job, without " --job ID"
  std::string go_on;                  ///< the command line that goes on with this run
  std::string until{};                ///< "sources": the plan stops there on purpose; "" = it is whole
  std::filesystem::path plan_file{};  ///< where the plan is kept up to date; "" = RunDirectory::plan_file()
  std::string dataset{};              ///< id, to name the plugin of a failed job that reads samples
};

/// What came of it.
struct SessionResult {
  Tally tally;
  std::vector<Failure> failures;
  std::vector<Failure> blocked;
  std::set<std::string> done;  ///< ids, now or before
  bool interrupted = false;
  double seconds = 0.0;
  /// done, some_jobs_failed or interrupted.
  [[nodiscard]] base::ExitCode code() const;
};

/// Works until everything is done, failed or blocked, or `interrupted` says so: then the pool is destroyed
/// with what runs in it. Keeps jobs/plan.json up to date for `status`. Throws Error when the run folder or
/// the workers give out; what is done by then stays done.
[[nodiscard]] SessionResult run_session(const RunDirectory& run, Plan plan, std::unique_ptr<Pool> pool,
                                        Progress& progress, const SessionSettings& settings,
                                        const std::function<bool()>& interrupted);

/// The closing lines: totals, and per failure its plugin, job, reason, and the command that repeats it.
[[nodiscard]] std::string closing_text(const RunDirectory& run, const SessionResult& result,
                                       const SessionSettings& settings);

/// How a run folder stands, from its stamps and jobs/plan.json alone: no plugin is loaded.
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
  int process = 0;                              ///< that works on it now; 0 = none
  [[nodiscard]] bool finished() const;
};
/// Throws Error when the folder holds no run, or one that never began.
[[nodiscard]] RunStatus status_of(const RunDirectory& run);

}  // namespace taskonomy::jobs
