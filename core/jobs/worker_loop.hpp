// The worker's side: takes assignments, does the work, writes records, reports. The same for a worker of the
// host, one that a cluster scheduler starts, and a single job run by hand.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "core/base/error.hpp"
#include "core/jobs/job.hpp"
#include "core/jobs/run_directory.hpp"

namespace taskonomy::jobs {

/// Whether the files that a job reads hold what was written into them. Each is read once for all jobs of this
/// process. [one thread]
class InputCheck {
 public:
  /// Throws Error naming the file that was damaged. The record of the job that made it is removed, so that the
  /// next run makes it again.
  void require_sound(const RunDirectory& run, const Assignment& assignment);

 private:
  std::set<std::pair<std::string, std::string>> sound_;  ///< {job, key} of what was looked at
};

/// Does one job: looks at what it reads, removes its old record, does the work, writes the new record. Never
/// throws: what goes wrong is in the report, in one line.
[[nodiscard]] JobReport run_job(const RunDirectory& run, Executor& executor, const Assignment& assignment,
                                InputCheck& inputs);

/// What a worker needs to begin.
struct WorkerSettings {
  RunDirectory run;
  std::function<std::unique_ptr<Executor>()> make_executor;
  /// The plan of the run, for orders that are bare ids; called when the first of them comes.
  std::function<Plan()> make_plan;
  int parent = 0;  ///< process that must outlive this one, 0 = none: when it dies, this process is killed
};

/// Takes the process's standard output away from plugins (what they print goes to standard error), says that
/// it is ready, then answers one line per assignment until standard input ends. Returns the exit code of the process:
/// cut_off when nobody could hear an answer. Throws Error when the executor cannot be made.
[[nodiscard]] base::ExitCode work(const WorkerSettings& settings);

}  // namespace taskonomy::jobs
