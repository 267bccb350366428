#include "apps/learning/workers.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>

#include "apps/taskonomy/terminal.hpp"
#include "core/base/machine.hpp"
#include "core/base/text.hpp"
#include "core/jobs/run_loop.hpp"

namespace taskonomy::cli {

namespace {

constexpr std::size_t kCudaWorkers = 4;  // each holds a share of the device's memory

std::size_t terminal_width() {
  const std::size_t columns = terminal_columns(STDERR_FILENO);
  return columns > 0 ? columns : 80;
}

std::unique_ptr<jobs::Pool> pool_of(const Workshop& workshop, const jobs::RunDirectory& run,
                                    const WorkSettings& settings, jobs::RunLog& log) {
  if (settings.workers == 0) return std::make_unique<jobs::InProcessPool>(run, workshop.executor(run.root()));
  return std::make_unique<jobs::WorkerPool>(
      worker_command_line(run, settings.plugin_dirs, settings.worker_options), settings.workers, log,
      limits_of(workshop.recipe()));
}

}  // namespace

jobs::Display display_of(bool quiet, bool json) {
  if (json) return jobs::Display::json;
  if (quiet) return jobs::Display::quiet;
  const char* terminal = std::getenv("TERM");
  const bool dumb = terminal != nullptr && std::string(terminal) == "dumb";  // cannot draw a line again
  return ::isatty(STDERR_FILENO) != 0 && !dumb ? jobs::Display::live : jobs::Display::plain;
}

std::size_t workers_of(long given, const recipe::Recipe& recipe) {
  if (given >= 0) return static_cast<std::size_t>(given);
  if (recipe.compute.workers > 0) return static_cast<std::size_t>(recipe.compute.workers);
  const std::size_t cores = base::usable_cores();
  return recipe.compute.device == "cuda" ? std::min(cores, kCudaWorkers) : cores;
}

jobs::WorkerLimits limits_of(const recipe::Recipe& recipe) {
  constexpr double kGiB = 1 << 30;
  const double asked = recipe.compute.memory_limit * kGiB;
  // A plugin that takes all memory is stopped before the machine runs short for the others.
  const double memory = asked > 0.0 ? asked : static_cast<double>(base::usable_memory()) / 2.0;
  return {static_cast<std::uint64_t>(memory), recipe.compute.device != "cuda"};
}

std::vector<std::string> worker_command_line(const jobs::RunDirectory& run,
                                             const std::vector<std::string>& plugin_dirs,
                                             const std::vector<std::string>& options) {
  // An absolute path still leads to the run's folder when a plugin has changed the working folder.
  std::vector<std::string> words{base::this_program(), "worker",
                                 std::filesystem::absolute(run.root()).string(), "--parent",
                                 std::to_string(::getpid())};
  words.insert(words.end(), options.begin(), options.end());
  for (const std::string& dir : plugin_dirs) words.insert(words.end(), {"--plugin-dir", dir});
  return words;
}

std::string with_plugin_dirs(std::string command, const std::vector<std::string>& plugin_dirs) {
  for (const std::string& dir : plugin_dirs) command += " --plugin-dir " + base::shell_quoted(dir);
  return command;
}

jobs::RunOutcome run_plan(const Workshop& workshop, const jobs::RunDirectory& run, jobs::Plan plan,
                          const WorkSettings& settings) {
  jobs::RunLog log(settings.log);
  const jobs::Interrupt interrupt;
  jobs::RunSettings loop = settings.loop;
  loop.interrupted = [&] { return interrupt.signal(); };
  try {
    jobs::Progress progress(settings.display, std::cerr, std::cout, terminal_width);
    return jobs::run_jobs(run, std::move(plan), pool_of(workshop, run, settings, log), progress, loop);
  } catch (const base::Error& error) {
    throw base::Error(
        std::string(error.what()) + "\nFinished jobs are kept. Resume with: " + settings.loop.go_on,
        error.code());
  }
}

}  // namespace taskonomy::cli
