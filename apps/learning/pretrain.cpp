// taskonomy pretrain: source networks alone, on rendered rooms, for as long as a person gives: what networks
// for photographs start from.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <iostream>

#include "apps/learning/actions.hpp"
#include "apps/learning/measure.hpp"
#include "apps/learning/run.hpp"
#include "apps/taskonomy/program.hpp"
#include "core/analysis/task_names.hpp"
#include "core/base/text.hpp"
#include "core/jobs/inventory.hpp"
#include "core/pipeline/job_name.hpp"
#include "core/pipeline/stages.hpp"

namespace taskonomy::cli {

namespace {

namespace fs = std::filesystem;

/// Of a trial for its speed: the first steps of a process are slow.
constexpr std::int64_t kTimedSteps = 48;
/// Time of one image that is only looked at, as a share of one that is learned from.
constexpr double kForward = 1.0 / 3.0;
/// Most looks at the validation split in one training.
constexpr double kValidations = 6.0;
/// Most of the minutes that a trial takes off.
constexpr double kMostTrial = 0.1;
/// The default of --minutes.
constexpr double kMinutes = 30.0;

/// What to train: a recipe file or a run's folder, and which of its keys differ.
struct Wanted {
  fs::path recipe;
  std::vector<std::string> overrides;
};

/// The dictionary's name of a task that a person named, in our words or the authors'. Throws Error naming the
/// nearest for one that there is not.
std::string task_named(const std::string& name, const std::vector<std::string>& known) {
  const auto names = analysis::read_task_names(shared("published/task_names.csv"));
  const std::string task = analysis::meant_task(name, known, names);
  if (std::find(known.begin(), known.end(), task) != known.end()) return task;
  throw base::Error("pretrain: \"" + name + "\" is no task, recipe or run" + base::did_you_mean(name, known) +
                    "; taskonomy tasks list has the tasks");
}

/// "tasks=[...]" of the tasks in a list "depth_zbuffer,normal".
std::string tasks_override(const std::string& list, const std::vector<std::string>& plugin_dirs) {
  const host::PluginRegistry registry(host::search_options(plugin_dirs));
  std::vector<std::string> known, tasks;
  for (const auto& entry : registry.entries(host::Kind::task)) known.push_back(entry.id);
  for (const auto& part : base::split(list, ',')) {
    const auto task = task_named(base::trim(part), known);
    if (std::find(tasks.begin(), tasks.end(), task) == tasks.end()) tasks.push_back(task);
  }
  return "tasks=[\"" + base::join(tasks, "\", \"") + "\"]";
}

Wanted wanted_by(const Values& values) {
  const std::string given = values.text("TASK,...|RECIPE|RUN");
  Wanted wanted{shared("recipes/rooms.toml"), values.list("set")};
  std::error_code failed;
  if (given.ends_with(".toml") || fs::exists(given, failed)) {
    wanted.recipe = given;
  } else if (!given.empty()) {
    wanted.overrides.insert(wanted.overrides.begin(), tasks_override(given, values.list("plugin-dir")));
  }
  return wanted;
}

/// Whether a person said how many steps there are.
bool says_steps(const std::vector<std::string>& overrides) {
  return std::any_of(overrides.begin(), overrides.end(),
                     [](const auto& override) { return base::trim(override).starts_with("source.steps"); });
}

/// Takes the numbers of steps of the run that is there already. Returns whether there is one.
bool keep_steps(RunInput& input) {
  const jobs::RunDirectory run(input.folder);
  if (!fs::exists(run.recipe_file())) return false;
  const recipe::Recipe there = run.read_recipe();
  input.recipe.source.steps = there.source.steps;
  input.recipe.steps_of = there.steps_of;
  return true;
}

/// Seconds of the jobs before and beside the source networks, for one worker.
double seconds_beside(const jobs::Plan& plan, const jobs::Costs& costs) {
  double seconds = 0.0;
  for (const auto& job : plan.graph.jobs())
    if (pipeline::JobName::parse(job.id)->stage != pipeline::Stage::source)
      seconds += costs.seconds(job).value_or(0.0);
  return seconds;
}

/// What each task's network takes, from the speed that its trial had.
std::vector<pipeline::SourceTime> times_of(const Workshop& workshop, const jobs::JobRecords& trial) {
  std::vector<pipeline::SourceTime> times;
  for (const auto& entry : workshop.setup().recipe().tasks) {
    if (!workshop.setup().info(entry.id).trained) continue;
    const auto record = trial.find(pipeline::job::source(entry.id));
    if (record == trial.end() || record->second.figures.count("images_per_second") == 0) continue;
    const double image = 1.0 / record->second.figures.at("images_per_second");
    const auto training = recipe::source_training(workshop.recipe(), entry.id);
    const auto& keys = workshop.setup().samples(workshop.setup().info(entry.id).view_kind);
    const auto in = [&](data::Split split) {
      return static_cast<double>(
          std::count_if(keys.begin(), keys.end(), [&](const auto& key) { return key.split == split; }));
    };
    times.push_back({image * kForward * (kValidations * in(data::Split::validation) + in(data::Split::test)),
                     image * static_cast<double>(training.steps * training.batch)});
  }
  return times;
}

/// A number of steps with two significant digits, at least 1.
std::int64_t rounded(double steps) {
  const double unit = std::pow(10.0, std::max(0.0, std::floor(std::log10(std::max(steps, 1.0))) - 1.0));
  return std::max<std::int64_t>(1, static_cast<std::int64_t>(std::floor(steps / unit) * unit));
}

/// "3,900"
std::string with_commas(std::int64_t number) {
  const std::string digits = std::to_string(number);
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text;
}

/// "30 min on 2 workers: 3,900 steps for each of 7 tasks"
std::string chosen_text(const Workshop& workshop, double minutes, std::size_t workers) {
  std::vector<std::int64_t> steps;
  for (const auto& entry : workshop.setup().recipe().tasks)
    if (workshop.setup().info(entry.id).trained)
      steps.push_back(recipe::source_training(workshop.recipe(), entry.id).steps);
  const auto [least, most] = std::minmax_element(steps.begin(), steps.end());
  return base::number(minutes) + " min on " + std::to_string(workers) +
         (workers == 1 ? " worker: " : " workers: ") + with_commas(*least) +
         (*least == *most ? "" : " to " + with_commas(*most)) + " steps for " +
         (steps.size() == 1 ? "the one task" : "each of " + std::to_string(steps.size()) + " tasks");
}

/// Chooses the numbers of steps with which all is done in some minutes on this machine, by a trial. Returns
/// done, or the code of the signal that stopped it. Throws Error when the minutes are too few for anything.
base::ExitCode choose_steps(RunInput& input, const RunOptions& options, double minutes) {
  const auto begin = std::chrono::steady_clock::now();
  const Workshop workshop(input.recipe, options.plugin_dirs);
  const std::size_t workers = std::max<std::size_t>(workers_for(workshop, options.workers), 1);
  const jobs::Plan plan = pipeline::stop_after(workshop.plan(input.folder), "sources");
  Measured measured;
  const auto code = measure(workshop, options.plugin_dirs,
                            {pipeline::TrialNetworks::sources, kTimedSteps, workers}, measured);
  if (base::is_of_signal(code)) return code;
  const auto sources = times_of(workshop, measured.records);
  if (sources.empty())
    throw base::Error(input.recipe.file +
                      ": no network could be timed; say how long to train: --set "
                      "source.steps=N");
  // The trial counts, too, but for a few minutes on a slow machine it must not leave nothing.
  const double trial = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  const double beside = std::min(trial, kMostTrial * minutes * 60.0) +
                        seconds_beside(plan, measured.costs) / static_cast<double>(workers);
  const double factor = pipeline::factor_within(minutes * 60.0 - beside, sources, workers);
  const double steps = factor * static_cast<double>(input.recipe.source.steps);
  if (steps < 1.0)
    throw base::Error("pretrain: --minutes " + base::number(minutes) + ": images and labels alone take " +
                      base::duration(beside) + "; give more, or render fewer rooms: --set data.rooms=N");
  input.recipe.source.steps = rounded(steps);
  for (auto& [task, of_task] : input.recipe.steps_of)
    of_task = rounded(factor * static_cast<double>(of_task));
  if (options.display != jobs::Display::quiet)
    std::cerr << chosen_text(Workshop(input.recipe, options.plugin_dirs), minutes, workers) << "\n";
  return base::ExitCode::done;
}

}  // namespace

base::ExitCode pretrain(const Values& values) {
  const double minutes = values.real("minutes", kMinutes, 0.1);
  RunOptions options = read_run_options(values);
  options.until = "sources";
  options.command = "pretrain";
  const Wanted wanted = wanted_by(values);
  RunInput input = read_run_input(wanted.recipe, wanted.overrides, values);
  input.recipe.learning_curve = false;  // asks for trainings that nobody starts from
  if (says_steps(wanted.overrides)) {
    if (values.has("minutes"))
      throw values.usage_error("--minutes and --set source.steps exclude each other: both say how long");
  } else if (keep_steps(input)) {
    if (values.has("minutes") && options.display != jobs::Display::quiet)
      std::cerr << "note: " << input.folder.string()
                << " goes on with the steps that were chosen when it began; for others take another --out\n";
  } else if (const auto code = choose_steps(input, options, minutes); base::is_of_signal(code)) {
    return code;
  }
  return carry_out(input, options);
}

}  // namespace taskonomy::cli
