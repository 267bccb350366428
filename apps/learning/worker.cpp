// taskonomy worker: does jobs of a run, as the host, a cluster's scheduler or a person tells it.
#include <iostream>

#include "apps/learning/actions.hpp"
#include "apps/learning/workers.hpp"
#include "apps/learning/workshop.hpp"
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

}  // namespace

base::ExitCode work_on_run(const Values& given) {
  const jobs::RunDirectory run(given.text("RUN"));
  const std::string placed = given.text("place");
  const auto workshop = std::make_shared<Workshop>(given.has("finish") ? finishing_recipe(run)
                                                   : placed.empty()    ? run.read_recipe()
                                                                       : placed_recipe(run, placed),
                                                   given.list("plugin-dir"), placed);
  if (given.has("job")) return do_one(run, *workshop, given.text("job"));
  return jobs::work({run, [&] { return workshop->executor(run.root(), given.text("copies")); },
                     [&] { return workshop->plan(run.root()); },
                     static_cast<int>(given.integer("parent", 0, 0))});
}

}  // namespace taskonomy::cli
