#include "apps/learning/measure.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <iostream>

#include "apps/learning/workers.hpp"
#include "core/base/files.hpp"
#include "core/jobs/inventory.hpp"
#include "core/jobs/run_loop.hpp"
#include "core/network/gpus.hpp"

namespace taskonomy::cli {

namespace {

/// Most memory that this process has held, or, of all that it started and that ended, the one that held most;
/// bytes.
double most_memory(int whose) {
  rusage usage{};
  ::getrusage(whose, &usage);
  return static_cast<double>(usage.ru_maxrss) * 1024.0;
}

/// What a worker of the run will hold at most, from what the trial's held. What it holds beyond LibTorch and
/// plugins, which this process has loaded too, grows with the batch, which is small in a trial.
double memory_of_worker(const recipe::Recipe& recipe, const recipe::Recipe& trial) {
  const double idle = most_memory(RUSAGE_SELF), peak = most_memory(RUSAGE_CHILDREN);
  const auto growth = [](const recipe::Training& whole, const recipe::Training& part) {
    return static_cast<double>(whole.batch) / static_cast<double>(part.batch);
  };
  return idle +
         std::max(0.0, peak - idle) * std::max(growth(recipe.source, trial.source),
                                               growth(recipe.transfer.training, trial.transfer.training));
}

}  // namespace

base::ExitCode measure(const Workshop& workshop, const std::vector<std::string>& plugin_dirs,
                       const TrialSettings& settings, Measured& measured) {
  const jobs::Interrupt interrupt;
  const base::TemporaryFolder folder("trial");
  const jobs::RunDirectory run(folder.path() / "run");
  const auto lock = run.lock();
  recipe::Recipe small = pipeline::trial_of(workshop.setup(), settings.steps);
  measured.without_gpu = small.compute.device == "cuda" && !network::gpus().missing.empty();
  if (measured.without_gpu) small.compute = {.precision = "float32"};
  Workshop trial(std::move(small), plugin_dirs);
  run.prepare(trial.recipe());
  const jobs::Plan plan = pipeline::trial_plan(trial.plan(run.root()), trial.setup(), settings.networks);
  jobs::RunLog log(run.log_file());
  jobs::Progress progress(jobs::Display::quiet, std::cerr, std::cout, [] { return std::size_t{80}; });
  jobs::RunSettings loop;
  loop.interrupted = [&] { return interrupt.signal(); };
  const auto result = jobs::run_jobs(
      run, plan,
      make_worker_pool(worker_command_line(run, plugin_dirs), settings.workers, trial.recipe(), log),
      progress, loop);
  if (result.interrupted) return result.code();
  measured.records = jobs::Inventory(run, plan).records();
  measured.costs.learn(plan.graph.jobs(), measured.records);
  measured.memory = memory_of_worker(workshop.recipe(), trial.recipe());
  if (!result.failures.empty())
    std::cerr << "warning: the trial's " << result.failures.front().id
              << " failed: " << result.failures.front().error << "\n";
  return base::ExitCode::done;
}

}  // namespace taskonomy::cli
