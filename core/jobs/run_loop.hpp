// One `taskonomy run` in a prepared run folder: from the plan to the closing line,
// whatever happens in between.
#pragma once

#include <csignal>
#include <filesystem>
#include <functional>
#include <iosfwd>
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

/// What the run loop needs beside the plan.
struct RunSettings {
  double job_timeout = 0.0;  ///< seconds of processor time; 0 = Durations::limit() decides
  /// The plugin whose code a job runs, for the line about a job that failed: 'task "normal"', "" = none.
  std::function<std::string(const std::string& id)> plugin_of{};
  std::string repeat;                 ///< the command line that repeats a job, without " --job ID"
  std::string go_on;                  ///< the command line that goes on with this run
  std::string until{};                ///< "sources": the plan stops there on purpose; "" = it is whole
  std::filesystem::path plan_file{};  ///< where the plan is kept up to date; "" = RunDirectory::plan_file()
  /// The signal that tells the run to stop, 0 for none; asked between two steps. No function: never.
  std::function<int()> interrupted{};
};

/// What came of it.
struct RunOutcome {
  Tally tally;
  std::vector<Failure> failures;
  std::vector<Failure> blocked;
  std::set<std::string> done;  ///< ids, now or before
  bool interrupted = false;
  int signal = 0;  ///< that interrupted it
  double seconds = 0.0;
  /// done, some_jobs_failed, or that of the signal.
  [[nodiscard]] base::ExitCode code() const;
};

/// Works until everything is done, failed or blocked, or settings.interrupted() says so: then the pool is
/// destroyed with what runs in it. Keeps jobs/plan.json up to date for `status`. Throws Error when the run
/// folder or the workers give out; what is done by then stays done.
[[nodiscard]] RunOutcome run_jobs(const RunDirectory& run, Plan plan, std::unique_ptr<Pool> pool,
                                  Progress& progress, const RunSettings& settings);

/// The closing lines: totals, and per failure its plugin, job, reason, and the command that repeats it.
[[nodiscard]] std::string closing_text(const RunDirectory& run, const RunOutcome& result,
                                       const RunSettings& settings);

/// Ctrl-C as a question that the run loop asks between two steps. While it lives, the first SIGINT, SIGTERM
/// or SIGHUP only sets a flag; the second one ends the process as usual. At most one at a time.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;
  /// The signal that came, 0 for none.
  [[nodiscard]] int signal() const;

 private:
  static constexpr int kSignals[] = {SIGINT, SIGTERM, SIGHUP};
  struct sigaction before_[3];
};

}  // namespace taskonomy::jobs
