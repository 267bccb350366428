#include "apps/learning/workers.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>

#include "apps/learning/pilots.hpp"
#include "apps/taskonomy/terminal.hpp"
#include "core/base/gpu_driver.hpp"
#include "core/base/machine.hpp"
#include "core/base/text.hpp"
#include "core/jobs/inventory.hpp"
#include "core/jobs/run_loop.hpp"

namespace taskonomy::cli {

namespace {

std::size_t terminal_width() {
  const std::size_t columns = terminal_columns(STDERR_FILENO);
  return columns > 0 ? columns : 80;
}

/// What a worker takes of a GPU of this machine at most; 0 for runs that use none.
std::uint64_t memory_on_gpu_here(const Workshop& workshop) {
  const bool on_gpus = workshop.recipe().compute.device == "cuda" && !base::gpu_driver().gpus.empty();
  return on_gpus ? workshop.memory_on_gpu() : 0;
}

std::unique_ptr<jobs::Pool> pool_of(const Workshop& workshop, const jobs::RunDirectory& run,
                                    const WorkSettings& settings, jobs::Progress& progress,
                                    jobs::RunLog& log) {
  if (settings.cluster) {
    PilotTalk talk;
    if (settings.display != jobs::Display::quiet)
      talk.say = [&progress](const std::string& sentence) { progress.say(sentence); };
    talk.interrupted = [interrupted = settings.loop.interrupted] { return interrupted() != 0; };
    return make_pilot_pool(run, *settings.cluster, settings.plugin_dirs, std::move(talk), log);
  }
  if (settings.workers == 0) return std::make_unique<jobs::InProcessPool>(run, workshop.executor(run.root()));
  return make_worker_pool(worker_command_line(run, settings.plugin_dirs, settings.worker_options),
                          settings.workers, workshop.recipe(), log, memory_on_gpu_here(workshop));
}

}  // namespace

std::size_t workers_for(const Workshop& workshop, long given) {
  const auto& compute = workshop.recipe().compute;
  const bool asks = given < 0 && compute.workers == 0 && compute.workers_per_gpu == 0;
  return workers_of(given, workshop.recipe(), asks ? memory_on_gpu_here(workshop) : 0);
}

jobs::Display display_of(bool quiet, bool json) {
  if (json) return jobs::Display::json;
  if (quiet) return jobs::Display::quiet;
  const char* terminal = std::getenv("TERM");
  const bool dumb = terminal != nullptr && std::string(terminal) == "dumb";  // cannot draw a line again
  return ::isatty(STDERR_FILENO) != 0 && !dumb ? jobs::Display::live : jobs::Display::plain;
}

std::string with_plugin_dirs(std::string command, const std::vector<std::string>& plugin_dirs) {
  for (const std::string& dir : plugin_dirs) command += " --plugin-dir " + base::shell_quoted(dir);
  return command;
}

void require_done(const jobs::RunDirectory& run, const jobs::Plan& plan,
                  const std::vector<std::string>& needed, const std::string& subject,
                  const std::function<std::string(const std::vector<std::string>& absent)>& advice) {
  constexpr std::size_t kNamed = 4;  // the rest are counted
  const jobs::Inventory inventory(run, plan);
  std::vector<std::string> absent, missing, stale;
  for (const auto& id : needed) {
    if (inventory.done(id)) continue;
    absent.push_back(id);
    if (const auto* job = inventory.stale(id)) {
      stale.push_back(id + " (" + jobs::reason_text(*job) + ")");
    } else {
      missing.push_back(id);
    }
  }
  if (absent.empty()) return;
  std::string text = run.root().string() + ": " + std::to_string(absent.size()) + " of the " +
                     std::to_string(needed.size()) + " jobs of this run that " + subject + " are not there";
  if (!missing.empty()) text += "\n  not done: " + base::join_first(missing, ", ", kNamed);
  if (!stale.empty()) text += "\n  made from something else: " + base::join_first(stale, ", ", kNamed);
  text += "\nfinish the run first: taskonomy run " + base::shell_quoted(run.root().string());
  if (const auto more = advice ? advice(absent) : ""; !more.empty()) text += "\n" + more;
  throw base::Error(text);
}

jobs::RunOutcome run_plan(const Workshop& workshop, const jobs::RunDirectory& run, jobs::Plan plan,
                          const WorkSettings& settings) {
  jobs::RunLog log(settings.log);
  const jobs::Interrupt interrupt;
  WorkSettings work = settings;
  work.loop.interrupted = [&] { return interrupt.signal(); };
  try {
    jobs::Progress progress(settings.display, std::cerr, std::cout, terminal_width);
    return jobs::run_jobs(run, std::move(plan), pool_of(workshop, run, work, progress, log), progress,
                          work.loop);
  } catch (const base::Error& error) {
    throw base::Error(
        std::string(error.what()) + "\nFinished jobs are kept. Resume with: " + settings.loop.go_on,
        error.code());
  }
}

}  // namespace taskonomy::cli
