// How `run` and `place` work through jobs: in workers of this machine or of others, progress on the terminal.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "apps/learning/workshop.hpp"
#include "apps/taskonomy/worker_processes.hpp"
#include "core/jobs/pool.hpp"
#include "core/jobs/run_loop.hpp"

namespace taskonomy::cli {

/// What the command line says about the work.
struct WorkSettings {
  std::size_t workers = 1;  ///< processes; 0: work in this one
  std::vector<std::string> plugin_dirs;
  std::vector<std::string> worker_options;  ///< of `taskonomy worker RUN`, beside plugin folders
  jobs::Display display = jobs::Display::plain;
  std::filesystem::path log;  ///< what workers and plugins print
  jobs::RunSettings loop;
  /// The machines to use instead of `workers`; nothing: none.
  std::optional<recipe::Cluster> cluster{};
};

/// The number of workers of a run (workers_of()), on GPUs by the forecast of their memory where nobody says how many.
[[nodiscard]] std::size_t workers_for(const Workshop& workshop, long given);

/// How progress is shown: objects of JSON, nothing, a live line on a terminal, plain lines elsewhere.
[[nodiscard]] jobs::Display display_of(bool quiet, bool json);

/// A command line that a person may repeat, with the plugin folders of this one.
[[nodiscard]] std::string with_plugin_dirs(std::string command, const std::vector<std::string>& plugin_dirs);

/// Throws Error where jobs of the run are missing or stale, and names them: only `run` itself may make them. `subject`:
/// who needs them, as "the finished networks build on". `advice`: what else a person may do, by the ids that are absent;
/// may be null.
void require_done(const jobs::RunDirectory& run, const jobs::Plan& plan,
                  const std::vector<std::string>& needed, const std::string& subject,
                  const std::function<std::string(const std::vector<std::string>& absent)>& advice = {});

/// [under run.lock()] Works until all is done, failed, blocked or interrupted. Throws Error as run_jobs(),
/// with the command that goes on.
[[nodiscard]] jobs::RunOutcome run_plan(const Workshop& workshop, const jobs::RunDirectory& run,
                                        jobs::Plan plan, const WorkSettings& settings);

}  // namespace taskonomy::cli
