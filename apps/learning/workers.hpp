// The workers of a run: how many there are, what each may take, how one is started, and how `run` and `place`
// work through jobs with them, progress on the terminal.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "apps/learning/workshop.hpp"
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
};

/// How progress is shown: objects of JSON, nothing, a live line on a terminal, plain lines elsewhere.
[[nodiscard]] jobs::Display display_of(bool quiet, bool json);

/// The number of worker processes. `given`: the value of --workers, -1 without it; then the recipe's
/// [compute] workers counts, then the number of cores.
[[nodiscard]] std::size_t workers_of(long given, const recipe::Recipe& recipe);

/// What one worker may take: the recipe's [compute] memory_limit, by default half of the machine's memory.
[[nodiscard]] jobs::WorkerLimits limits_of(const recipe::Recipe& recipe);

/// The command line of one worker process of this program in a run's folder: `options` beside plugin folders.
/// The worker ends when this process does.
[[nodiscard]] std::vector<std::string> worker_command_line(const jobs::RunDirectory& run,
                                                           const std::vector<std::string>& plugin_dirs,
                                                           const std::vector<std::string>& options = {});

/// A command line that a person may repeat, with the plugin folders of this one.
[[nodiscard]] std::string with_plugin_dirs(std::string command, const std::vector<std::string>& plugin_dirs);

/// [under run.lock()] Works until all is done, failed, blocked or interrupted. Throws Error as run_jobs(),
/// with the command that goes on.
[[nodiscard]] jobs::RunOutcome run_plan(const Workshop& workshop, const jobs::RunDirectory& run,
                                        jobs::Plan plan, const WorkSettings& settings);

}  // namespace taskonomy::cli
