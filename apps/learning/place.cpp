// taskonomy place: says which of a run's sources serve a novel task.
#include <algorithm>
#include <filesystem>
#include <iostream>

#include "apps/learning/actions.hpp"
#include "apps/learning/workers.hpp"
#include "apps/learning/workshop.hpp"
#include "apps/taskonomy/table_input.hpp"
#include "core/affinity/loss_file.hpp"
#include "core/base/files.hpp"
#include "core/base/text.hpp"
#include "core/network/precision.hpp"
#include "core/pipeline/job_name.hpp"
#include "core/pipeline/place.hpp"
#include "core/recipe/document.hpp"
#include "core/report/novel_task_report.hpp"
#include "core/report/text_table.hpp"

namespace taskonomy::cli {

namespace fs = std::filesystem;

namespace {

/// What the command line asks.
struct Request {
  std::string task;
  std::string format;
  std::vector<std::string> settings, plugin_dirs;
  pipeline::PlaceOptions place;
  std::map<std::string, double> cost;
  analysis::BootstrapOptions bootstrap;
  std::optional<analysis::Block> block;
  analysis::Judge judge = analysis::Judge::halves;
  long workers = -1;
  jobs::Display display = jobs::Display::plain;
};

Request request_from(const Values& values) {
  Request request;
  request.task = values.text("NEWTASK");
  request.format = values.format();
  request.settings = values.list("set");
  for (const auto& setting : request.settings)
    if (setting.rfind("task." + request.task + ".", 0) != 0)
      throw values.usage_error("--set: expected task." + request.task + ".KEY=VALUE, got \"" + setting +
                               "\"; everything else is as the run has it");
  request.plugin_dirs = values.list("plugin-dir");
  request.place = {values.names("sources"), values.has("own-network")};
  request.cost = values.numbers("cost", 0.0);
  request.judge = read_judge(values);
  request.bootstrap.replicates = values.count("replicates", 1000, 2);
  request.bootstrap.seed = values.count("seed", 1, 0);
  request.block = read_block(values);
  request.workers = values.integer("workers", -1, 0, recipe::kMostWorkers);
  request.display = display_of(values.has("quiet"), false);
  return request;
}

bool has_task(const recipe::Recipe& recipe, const std::string& task) {
  return std::any_of(recipe.tasks.begin(), recipe.tasks.end(),
                     [&](const auto& entry) { return entry.id == task; });
}

/// The run's recipe with one more task at its end. `settings`: "task.TASK.key=value" each. Throws Error as
/// read_recipe().
recipe::Recipe recipe_with(const jobs::RunDirectory& run, const std::string& task,
                           std::vector<std::string> settings) {
  std::vector<std::string> tasks;
  for (const auto& entry : run.read_recipe().tasks) tasks.push_back(recipe::toml_text(entry.id));
  tasks.push_back(recipe::toml_text(task));
  settings.push_back("tasks=[" + base::join(tasks, ", ") + "]");
  recipe::Recipe recipe = recipe::read_recipe(run.recipe_file(), settings);
  recipe.tasks.back().where = "place";  // errors about the task name it, not the run's recipe
  recipe.missing = "skip";              // pipeline::place() says which labels the task lacks
  return recipe;
}

/// Whether the job belongs to one source: without it only that source cannot be tried.
bool is_of_a_source(const std::string& job) {
  const auto name = pipeline::JobName::parse(job);
  return name && (name->stage == pipeline::Stage::features || name->stage == pipeline::Stage::source);
}

/// What else may be done where jobs of the run are absent.
std::string advice(const std::vector<std::string>& absent) {
  return std::all_of(absent.begin(), absent.end(), is_of_a_source)
             ? "or name the sources that are done: --sources TASK,..."
             : "";
}

std::vector<std::string> sources_of(const Workshop& of_run) {
  std::vector<std::string> sources;
  for (const auto& entry : of_run.setup().recipe().tasks)
    if (of_run.setup().info(entry.id).role != sdk::Role::target) sources.push_back(entry.id);
  for (const auto& source : of_run.setup().recipe().sources) sources.push_back(source.id);
  return sources;
}

void require_source(const std::string& option, const std::string& source,
                    const std::vector<std::string>& known) {
  if (std::find(known.begin(), known.end(), source) == known.end())
    throw base::Error(option + ": the run has no source \"" + source + "\"" +
                      base::did_you_mean(source, known) + " (it has: " + base::join(known, ", ") + ")");
}

/// Says the request in the names of plugins and of the run, which stand for those of the authors. Throws Error for
/// a source that the run does not have.
void settle_names(const Workshop& of_run, Request& request) {
  std::vector<std::string> plugins;
  for (const auto& entry : of_run.registry().entries(host::Kind::task)) plugins.push_back(entry.id);
  const std::string task = TaskFinder(std::move(plugins), "this program").find(request.task);
  for (auto& setting : request.settings) setting.replace(0, ("task." + request.task).size(), "task." + task);
  request.task = task;
  const auto known = sources_of(of_run);
  TaskFinder finder(known, "the run");
  request.place.sources = finder.find(std::move(request.place.sources));
  request.cost = finder.find(request.cost);
  for (const auto& source : request.place.sources) require_source("--sources", source, known);
  for (const auto& [source, cost] : request.cost) require_source("--cost", source, known);
}

/// Trains the transfers that are missing. Throws where the task cannot be judged afterwards.
base::ExitCode train(const jobs::RunDirectory& run, const Request& request, const Workshop& of_run) {
  const recipe::Recipe recipe = recipe_with(run, request.task, request.settings);
  const Workshop workshop(recipe, request.plugin_dirs, request.task);
  auto placement = pipeline::place(workshop.shared_setup(), of_run.shared_setup(), run.root(), request.place);
  network::require_hardware(recipe.compute);
  const jobs::RunLock lock = run.lock();
  require_done(run, placement.plan, placement.needed, "\"" + request.task + "\" builds on", advice);
  const fs::path folder = place_folder(run, request.task);
  base::write_file(folder / "recipe.toml", recipe::to_toml(recipe));

  const std::string where = base::shell_quoted(run.root().string());
  WorkSettings settings{workers_for(workshop, request.workers),
                        request.plugin_dirs,
                        {"--place", request.task},
                        request.display,
                        folder / "log",
                        {}};
  settings.loop.job_timeout = recipe.compute.job_timeout;
  settings.loop.plugin_of = [&](const std::string& id) { return pipeline::plugin_of(id, recipe); };
  settings.loop.plan_file = folder / "plan.json";
  settings.loop.go_on =
      with_plugin_dirs("taskonomy place " + request.task + " " + where, request.plugin_dirs);
  settings.loop.repeat =
      with_plugin_dirs("taskonomy worker " + where + " --place " + request.task, request.plugin_dirs);
  const auto result = run_plan(workshop, run, std::move(placement.plan), settings);
  if (result.code() != base::ExitCode::done) std::cerr << jobs::closing_text(run, result, settings.loop);
  if (result.done.count(pipeline::job::affinity(request.task).text()) == 0 && !result.interrupted)
    throw base::Error("\"" + request.task + "\" cannot be judged without what failed",
                      base::ExitCode::some_jobs_failed);
  return result.code();
}

/// The run's taxonomies, one for every budget. Empty until the run has its affinities.
std::vector<taxonomy::Taxonomy> taxonomies(const jobs::RunDirectory& run,
                                           const std::map<std::string, double>& cost) {
  if (!fs::exists(run.root() / "affinity.csv")) return {};
  const TableInput input = read_table_input(run.root().string());
  taxonomy::Options options;
  options.cost = of_tasks(cost, input.table);
  options.importance = of_tasks(run.read_recipe().taxonomy.importance, input.table);
  return taxonomy::sweep(input.table, options);
}

/// Judges the transfers in the run's folder, prints the answer and leaves it in files.
void answer(const jobs::RunDirectory& run, const Request& request) {
  auto cost = request.cost;
  const auto of_run = run.prices().cost;
  cost.insert(of_run.begin(), of_run.end());  // --cost comes first
  const auto losses = losses_of(run.root(), {request.task});
  auto bootstrap = request.bootstrap;
  bootstrap.block = request.block.value_or(analysis::default_block(losses.front()));
  const auto task =
      analysis::novel_task(losses.front(), cost, taxonomies(run, cost), bootstrap, request.judge);
  const fs::path folder = place_folder(run, request.task);
  const std::string text = report::fitted(report::novel_task_text(task)), json = report::to_json(task) + "\n",
                    csv = report::to_csv(task);
  {
    const report::TextWidth width(report::kTextWidth);
    base::write_file(folder / "summary.txt", report::novel_task_text(task));
  }
  base::write_file(folder / "place.json", json);
  base::write_file(folder / "place.csv", csv);
  base::write_file(folder / "place.svg", report::svg_file(report::novel_task_drawing(task)));
  std::cout << (request.format == "json" ? json : request.format == "csv" ? csv : text);
  if (request.format == "text")
    std::cout << "Files in " << folder.string() << ": summary.txt, place.csv, place.json, place.svg\n";
}

/// For a task that the run has itself, into which nothing is trained: throws unless the run has judged it and
/// the request leaves its parameters and sources as they are.
void require_judged(const jobs::RunDirectory& run, const Request& request, const Workshop& of_run) {
  for (const auto& [task, reason] : of_run.setup().left_out())
    if (task == request.task)
      throw base::Error("task \"" + task + "\" is left out of " + run.root().string() + ": " + reason);
  if (of_run.setup().info(request.task).role == sdk::Role::source)
    throw base::Error("task \"" + request.task + "\" can only be a source, so it cannot be placed");
  if (!fs::exists(run.root() / "tournaments" / (request.task + ".csv")))
    throw base::Error("\"" + request.task + "\" is a target of " + run.root().string() +
                      " itself, which has not judged it yet; finish it with: taskonomy run " +
                      base::shell_quoted(run.root().string()));
  if (!request.settings.empty())
    throw base::Error("--set: \"" + request.task + "\" is a target of " + run.root().string() +
                      " itself, with the parameters of its recipe");
  if (!request.place.sources.empty())
    throw base::Error("--sources: \"" + request.task + "\" is a target of " + run.root().string() +
                      " itself, and judged with all of its sources");
  std::cerr << request.task << " is a target of " << run.root().string()
            << " itself: nothing is trained, the answer comes from its tournament\n";
}

}  // namespace

base::ExitCode place_task(const Values& values) {
  Request request = request_from(values);
  const jobs::RunDirectory run(values.text("RUN"));
  const Workshop of_run(run.read_recipe(), request.plugin_dirs);
  settle_names(of_run, request);
  base::ExitCode code = base::ExitCode::done;
  if (has_task(of_run.recipe(), request.task)) {
    require_judged(run, request, of_run);
  } else {
    code = train(run, request, of_run);
    if (base::is_of_signal(code)) return code;
  }
  answer(run, request);
  return code;
}

}  // namespace taskonomy::cli
