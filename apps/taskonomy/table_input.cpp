#include "apps/taskonomy/table_input.hpp"

#include <algorithm>
#include <filesystem>
#include <iostream>

#include "apps/taskonomy/program.hpp"
#include "core/affinity/loss_file.hpp"
#include "core/analysis/task_names.hpp"
#include "core/base/error.hpp"
#include "core/base/text.hpp"
#include "core/jobs/run_directory.hpp"

namespace taskonomy::cli {

namespace fs = std::filesystem;

namespace {

/// Our names of the tasks that others published. Throws Error where the installation lacks them.
analysis::TaskNames task_names() { return analysis::read_task_names(shared("published/task_names.csv")); }

}  // namespace

std::map<std::string, double> of_tasks(const std::map<std::string, double>& numbers,
                                       const affinity::AffinityTable& table) {
  const auto tasks = table.tasks();
  std::map<std::string, double> result;
  for (const auto& [task, number] : numbers)
    if (std::binary_search(tasks.begin(), tasks.end(), task)) result[task] = number;
  return result;
}

TableInput read_table_input(const std::string& argument) {
  const fs::path path = argument;
  const bool run = fs::is_directory(path);
  const fs::path file = run ? path / "affinity.csv" : path;
  if (run && !fs::exists(file)) {
    throw base::Error(path.string() +
                      ": no affinity.csv in this folder; expected a CSV file, or a run that has got to "
                      "its affinities (see taskonomy run --help)");
  }
  auto read = affinity::read_affinity(file);
  if (!read.ignored_columns.empty()) {
    std::cerr << "warning: " << file.string()
              << ": columns that are not used: " << base::join(read.ignored_columns, ", ") << "\n";
  }
  TableInput input{std::move(read.table), {}, run};
  if (!run) return input;
  const jobs::RunDirectory folder(path);
  if (!fs::exists(folder.manifest_file()))
    std::cerr << "warning: " << folder.manifest_file().string()
              << " is missing, and with it what labels cost: each counts 1 here. Say others with --cost, or "
                 "write the file anew with: taskonomy run "
              << base::shell_quoted(path.string()) << "\n";
  input.prices = folder.prices();
  input.prices.cost = of_tasks(input.prices.cost, input.table);
  return input;
}

std::vector<Option> solver_options() {
  return {{"max-order", "K", "join at most K sources in one transfer (as many as the table has)"},
          {"importance", "TASK=W,...", "weight of a target in the objective (1)", true},
          {"cost", "TASK=C,...", "label cost of a source (1, or what the run's tasks say)", true},
          {"exclude", "TASK,...", "leave tasks out altogether", true},
          {"source-only", "TASK,...", "tasks that need no solution themselves", true},
          {"target-only", "TASK,...", "tasks without labels to train a source from", true},
          {"transform", "raw|sqrt", "transform of the affinities in the objective (raw)"}};
}

taxonomy::Options read_solver_options(const Values& values) {
  taxonomy::Options options;
  options.max_order = values.count("max-order", 0, 1);
  options.transform =
      values.choice("transform") == "sqrt" ? taxonomy::Transform::sqrt : taxonomy::Transform::raw;
  options.importance = values.numbers("importance", 0.0);
  options.cost = values.numbers("cost", 0.0);
  options.exclude = values.names("exclude");
  options.source_only = values.names("source-only");
  options.target_only = values.names("target-only");
  return options;
}

TaskFinder::TaskFinder(std::vector<std::string> tasks, std::string where)
    : tasks_(std::move(tasks)), where_(std::move(where)) {}

std::string TaskFinder::find(const std::string& name) {
  if (std::find(tasks_.begin(), tasks_.end(), name) != tasks_.end()) return name;
  if (const auto known = found_.find(name); known != found_.end()) return known->second;
  const std::string task = analysis::meant_task(name, tasks_, task_names());
  if (task != name) std::cerr << "note: " << name << " is " << task << " in " << where_ << "\n";
  return found_[name] = task;
}

std::vector<std::string> TaskFinder::find(std::vector<std::string> names) {
  for (auto& name : names) name = find(name);
  return names;
}

std::map<std::string, double> TaskFinder::find(const std::map<std::string, double>& numbers) {
  std::map<std::string, double> result;
  for (const auto& [name, number] : numbers)
    if (const auto task = find(name); !result.emplace(task, number).second)
      throw base::Error("\"" + task + "\" is given twice, under two names");
  return result;
}

TaskFinder finder_of(const affinity::AffinityTable& table) { return {table.tasks(), "the table"}; }

void fit_to(const TableInput& input, TaskFinder& finder, taxonomy::Options& options) {
  for (auto* numbers : {&options.importance, &options.cost}) *numbers = finder.find(*numbers);
  for (auto* names :
       {&options.exclude, &options.source_only, &options.target_only, &options.force, &options.forbid})
    *names = finder.find(std::move(*names));
  options.cost.insert(input.prices.cost.begin(), input.prices.cost.end());
}

Option judge_option() {
  return {
      "judge", "halves|paper",
      "judge what one half of the test scenes (of the test images, where [split] unit is \"image\") chose "
      "on the other half, or all on the images that chose (halves)"};
}

analysis::Judge read_judge(const Values& values) {
  return values.choice("judge") == "paper" ? analysis::Judge::paper : analysis::Judge::halves;
}

Option block_option() {
  return {"block", "scene|image",
          "what is drawn together: all views of a scene, which are alike, or each image by itself (scene "
          "where the run's "
          "[split] unit is \"scene\" and the test images show 8 scenes or more; else image)"};
}

std::optional<analysis::Block> read_block(const Values& values) {
  if (!values.has("block")) return std::nullopt;
  return values.choice("block") == "scene" ? analysis::Block::scene : analysis::Block::image;
}

std::vector<affinity::LossTable> losses_of(const std::filesystem::path& run,
                                           const std::vector<std::string>& targets) {
  const bool scenes_apart = jobs::RunDirectory(run).read_recipe().split.unit == "scene";
  return affinity::read_run_losses(run, targets, scenes_apart);
}

affinity::AffinityTable with_our_names(affinity::AffinityTable table) {
  return analysis::with_our_names(std::move(table), task_names());
}

affinity::AffinityTable read_table_in_our_names(const std::string& argument) {
  TableInput input = read_table_input(argument);
  return input.of_run ? std::move(input.table) : with_our_names(std::move(input.table));
}

}  // namespace taskonomy::cli
