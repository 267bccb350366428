// taskonomy worker: does the jobs of a run that it is told, for the host, a cluster's scheduler or a person.
#include <iostream>

#include "apps/taskonomy/commands.hpp"
#include "apps/taskonomy/options.hpp"
#include "apps/taskonomy/work_session.hpp"
#include "apps/taskonomy/workshop.hpp"
#include "core/base/text.hpp"
#include "core/jobs/process_usage.hpp"
#include "core/jobs/worker_loop.hpp"

namespace taskonomy::cli {

namespace po = boost::program_options;

namespace {

const Usage kWorkerUsage{
    "worker",
    "RUN [--job ID]",
    "Reads ids of jobs from standard input, one a line, and answers each with a line of JSON when it is "
    "done.\n"
    "With --job does that one in this process, to see for oneself (in a debugger) how it fails: without a\n"
    "time limit, and allocations beyond the run's [compute] memory_limit fail.",
    {"taskonomy worker runs/demo --job transfer/normal/reshading",
     "gdb --args taskonomy worker RUN --job ID"}};

po::options_description worker_options() {
  po::options_description all;
  auto add = all.add_options();
  add("job", text_value("ID"), "does this job alone");
  add("place", text_value("TASK"),
      "of the task that `taskonomy place TASK RUN` places, not of the run itself");
  add("plugin-dir", list_value("DIR"), "a folder of plugins, looked at first; may be repeated");
  add("parent", text_value("PROCESS"), "ends when this process, which started it, ends");
  return all;
}

base::ExitCode do_one(const jobs::RunDirectory& run, const Workshop& workshop, const std::string& id) {
  const jobs::Order order = jobs::order_for(run, workshop.plan(run.root()), id);
  const auto executor = workshop.executor(run.root());
  jobs::limit_own_memory(limits_of(workshop.recipe()).memory);
  const jobs::JobReport report = jobs::run_job(run, *executor, order);
  if (!report.ok) throw base::Error(id + ": " + report.error, base::ExitCode::some_jobs_failed);
  std::cout << id << ": done in " << base::duration(report.seconds) << "\n";
  for (const std::string& file : report.files) std::cout << "  " << (run.root() / file).string() << "\n";
  return base::ExitCode::done;
}

}  // namespace

base::ExitCode worker(const std::vector<std::string>& args) {
  const auto values = parse_options(kWorkerUsage, worker_options(), {{"RUN"}}, args);
  if (!values) return base::ExitCode::done;
  const jobs::RunDirectory run(values->text("RUN"));
  const std::string placed = values->text("place");
  const auto workshop = std::make_shared<Workshop>(
      placed.empty() ? run.read_recipe() : placed_recipe(run, placed), values->list("plugin-dir"), placed);
  if (values->has("job")) return do_one(run, *workshop, values->text("job"));
  jobs::work({run, [&] { return workshop->executor(run.root()); }, [&] { return workshop->plan(run.root()); },
              static_cast<int>(values->integer("parent", 0, 0))});
  return base::ExitCode::done;
}

}  // namespace taskonomy::cli
