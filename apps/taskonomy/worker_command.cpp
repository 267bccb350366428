// taskonomy worker: does jobs of a run, as the host, a cluster's scheduler or a person tells it.
#include <iostream>

#include "apps/taskonomy/commands.hpp"
#include "apps/taskonomy/workers.hpp"
#include "apps/taskonomy/workshop.hpp"
#include "core/base/text.hpp"
#include "core/jobs/inventory.hpp"
#include "core/jobs/process.hpp"
#include "core/jobs/worker_loop.hpp"

namespace taskonomy::cli {

namespace {

base::ExitCode do_one(const jobs::RunDirectory& run, const Workshop& workshop, const std::string& id) {
  const jobs::Assignment assignment = jobs::Inventory(run, workshop.plan(run.root())).assignment(id);
  const auto executor = workshop.executor(run.root());
  jobs::limit_own_memory(limits_of(workshop.recipe()).memory);
  jobs::InputCheck inputs;
  const jobs::JobReport report = jobs::run_job(run, *executor, assignment, inputs);
  if (!report.ok) throw base::Error(id + ": " + report.error, base::ExitCode::some_jobs_failed);
  std::cout << id << ": done in " << base::duration(report.seconds) << "\n";
  for (const std::string& file : report.files) std::cout << "  " << (run.root() / file).string() << "\n";
  return base::ExitCode::done;
}

base::ExitCode worker(const Values& given) {
  const jobs::RunDirectory run(given.text("RUN"));
  const std::string placed = given.text("place");
  const auto workshop = std::make_shared<Workshop>(
      placed.empty() ? run.read_recipe() : placed_recipe(run, placed), given.list("plugin-dir"), placed);
  if (given.has("job")) return do_one(run, *workshop, given.text("job"));
  jobs::work({run, [&] { return workshop->executor(run.root()); }, [&] { return workshop->plan(run.root()); },
              static_cast<int>(given.integer("parent", 0, 0))});
  return base::ExitCode::done;
}

}  // namespace

Command worker_command() {
  return {.name = "worker",
          .summary = "do jobs of a run: what `run` or a cluster starts",
          .arguments = {{"RUN"}},
          .about = R"(Reads ids of jobs from standard input, one a line, and answers each with a
line of JSON when it is done. With --job it does that one job in this process,
so that you can watch it fail, in a debugger for instance: there is no time
limit then, and memory beyond the run's [compute] memory_limit cannot be
allocated.)",
          .examples = R"(taskonomy worker runs/demo --job transfer/normal/reshading
gdb --args taskonomy worker RUN --job ID)",
          .options = {{"job", "ID", "do this job alone"},
                      {"place", "TASK", "a job of the task that `taskonomy place TASK RUN` places"},
                      plugin_dir_option(),
                      {"parent", "PROCESS", "end when this process, which started the worker, ends"}},
          .run = worker};
}

}  // namespace taskonomy::cli
