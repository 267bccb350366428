// taskonomy plan: says what a run would do, how much of it is done, and what the rest will take.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iostream>
#include <limits>

#include "apps/learning/actions.hpp"
#include "apps/learning/measure.hpp"
#include "apps/learning/workers.hpp"
#include "apps/learning/workshop.hpp"
#include "core/base/csv.hpp"
#include "core/base/files.hpp"
#include "core/base/gpu_driver.hpp"
#include "core/base/json.hpp"
#include "core/base/machine.hpp"
#include "core/base/text.hpp"
#include "core/jobs/forecast.hpp"
#include "core/jobs/inventory.hpp"
#include "core/pipeline/job_name.hpp"
#include "core/pipeline/plan.hpp"
#include "core/pipeline/resume.hpp"
#include "core/pipeline/starts.hpp"
#include "core/recipe/pretrained.hpp"
#include "core/report/text_table.hpp"

namespace taskonomy::cli {

namespace {

namespace fs = std::filesystem;

/// All jobs of a run, with those that only a ranking will name.
std::vector<jobs::Job> all_jobs(const Workshop& workshop, const jobs::Inventory& inventory) {
  std::vector<jobs::Job> jobs = inventory.graph().jobs();
  for (const auto& job : inventory.graph().jobs()) {
    const auto name = pipeline::JobName::parse(job.id);
    if (!name || name->stage != pipeline::Stage::shortlist || inventory.done(job.id)) continue;
    for (auto& later : pipeline::foreseen_jobs(workshop.setup(), name->task))
      jobs.push_back(std::move(later));
  }
  return jobs;
}

/// Whether some stage has work left and no finished job to learn from.
bool needs_trial(const std::vector<jobs::Job>& jobs, const jobs::Inventory& inventory,
                 const jobs::Costs& costs) {
  return std::any_of(jobs.begin(), jobs.end(),
                     [&](const jobs::Job& job) { return !inventory.done(job.id) && !costs.seconds(job); });
}

/// What workers are and hold.
struct Workers {
  std::size_t count = 1;
  double memory = 0.0;       ///< bytes of one at most; 0: not known
  double gpu_memory = 0.0;   ///< the same of a GPU's memory; 0: not known, or no GPU is asked for
  bool without_gpu = false;  ///< as Measured::without_gpu
};

/// "GPUs: 2, NVIDIA H100 80GB HBM3 (79.1 GiB); up to 5.2 GiB of it for each worker, forecast; MPS answers".
std::string gpus_text(const Workers& workers) {
  const auto& driver = base::gpu_driver();
  std::string text = "GPUs: ";
  if (driver.gpus.empty()) {
    text += "none on this machine, " + driver.missing;
  } else {
    text += std::to_string(driver.gpus.size()) + ", " + driver.gpus.front().name + " (" +
            base::byte_size(static_cast<double>(driver.gpus.front().memory)) + ")";
  }
  if (workers.gpu_memory > 0.0)
    text +=
        "; up to " + base::byte_size(workers.gpu_memory) + " of a GPU's memory for each worker (forecast)";
  if (!driver.gpus.empty())
    text += base::mps_answers() ? "; MPS answers" : "; no MPS: workers of one GPU take turns";
  text += "\n";
  if (workers.without_gpu) text += "times are those of this machine's processors\n";
  return text;
}

void print_text(const jobs::Forecast& forecast, const Workers& workers, const fs::path& folder,
                const recipe::Recipe& recipe) {
  report::TextTable table("lrrrr");
  table.add({"stage", "jobs", "done", "time left, one worker", "disk"});
  table.rule();
  bool all_known = true;
  for (const auto& stage : forecast.stages) {
    all_known = all_known && stage.known;
    table.add({stage.name, std::to_string(stage.all), std::to_string(stage.done),
               stage.known ? base::duration(stage.seconds) : "?",
               stage.known ? base::byte_size(stage.bytes) : "?"});
  }
  table.rule();
  table.add({"all", std::to_string(forecast.all()), std::to_string(forecast.done()),
             base::duration(forecast.seconds), base::byte_size(forecast.bytes)});
  std::cout << table.text() << "\nabout " << base::duration(forecast.seconds_with(workers.count)) << " with "
            << workers.count << (workers.count == 1 ? " worker" : " workers") << ", "
            << base::byte_size(forecast.bytes) << " in " << folder.string() << "\n";
  if (workers.memory > 0.0)
    std::cout << "memory: up to " << base::byte_size(workers.memory) << " for each worker, "
              << base::byte_size(workers.memory * static_cast<double>(workers.count)) << " for "
              << workers.count << "\n";
  if (recipe.compute.device == "cuda") std::cout << gpus_text(workers);
  for (const auto& source : recipe.sources)
    std::cout << "pretrained source " << recipe::describe(source) << "\n";
  if (!all_known) std::cout << "? = no job of this stage has been seen yet; it is not in the sums\n";
}

/// What pilots would make of it: "4 pilots of 8 workers: about 12 min; more than 6 would not ..., 32 core hours".
std::string pilots_text(const jobs::Forecast& forecast, const recipe::Cluster& cluster, std::size_t workers) {
  const std::size_t pilots = static_cast<std::size_t>(cluster.pilots);
  const std::size_t worth = (forecast.workers_worth_having() + workers - 1) / workers;
  const double seconds = std::max(forecast.chain, forecast.seconds_with(pilots * workers));
  const double hours = static_cast<double>(pilots) * seconds / 3600.0;
  const auto count = [](std::size_t number, const char* noun) {
    return std::to_string(number) + " " + noun + (number == 1 ? "" : "s");
  };
  std::string text = "cluster: about " + base::duration(seconds) + " with " + count(pilots, "pilot") +
                     " of " + count(workers, "worker") + ", " +
                     base::number(std::round(10.0 * hours * static_cast<double>(workers)) / 10.0) +
                     " core hours";
  if (cluster.gpus > 0)
    text += ", " + base::number(std::round(10.0 * hours * static_cast<double>(cluster.gpus)) / 10.0) +
            " GPU hours";
  return text + "; up to " + count(worth, "pilot") + " of them shorten it: the longest chain of jobs takes " +
         base::duration(forecast.chain) + "\n";
}

void print_json(const jobs::Forecast& forecast, const Workers& workers, const fs::path& folder,
                const std::vector<recipe::Pretrained>& sources) {
  using base::Json;
  Json files = Json::object(), stages = Json::array();
  for (const auto& source : sources) files.set(source.id, source.file.string());
  for (const auto& stage : forecast.stages) {
    Json one = Json::object().set("name", stage.name).set("jobs", stage.all).set("done", stage.done);
    if (stage.known) one.set("seconds", stage.seconds).set("bytes", stage.bytes);
    stages.add(std::move(one));
  }
  Json content = Json::object()
                     .set("run", folder.string())
                     .set("jobs", forecast.all())
                     .set("done", forecast.done())
                     .set("workers", workers.count)
                     .set("seconds", forecast.seconds_with(workers.count))
                     .set("seconds_one_worker", forecast.seconds)
                     .set("seconds_longest_chain", forecast.chain)
                     .set("workers_worth_having", forecast.workers_worth_having())
                     .set("bytes", forecast.bytes)
                     .set("sources", std::move(files))
                     .set("stages", std::move(stages));
  if (workers.memory > 0.0) content.set("memory_of_worker", workers.memory);
  if (workers.gpu_memory > 0.0) content.set("gpu_memory_of_worker", workers.gpu_memory);
  std::cout << content.dump(2) << "\n";
}

/// A stage of unknown cost has empty cells.
void print_csv(const jobs::Forecast& forecast) {
  base::CsvWriter table({"stage", "jobs", "done", "seconds", "bytes"});
  constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
  for (const auto& stage : forecast.stages)
    table.add(stage.name, stage.all, stage.done, stage.known ? stage.seconds : kUnknown,
              stage.known ? stage.bytes : kUnknown);
  std::cout << table.text();
}

}  // namespace

base::ExitCode plan_run(const Values& values) {
  const std::string format = values.format();
  const long workers_given = values.integer("workers", -1, 1, recipe::kMostWorkers);
  const auto plugin_dirs = values.list("plugin-dir");
  const auto [recipe, folder] = read_run_input(values);
  const jobs::RunDirectory run(folder);
  const Workshop workshop(recipe, plugin_dirs);
  const jobs::Inventory inventory(run, workshop.plan(folder));
  const std::vector<jobs::Job> jobs = all_jobs(workshop, inventory);
  for (const auto& sentence : pipeline::require_targets(workshop.setup()))
    std::cerr << "note: " << sentence << "\n";
  for (const auto& sentence : report::start_sentences(pipeline::find_starts(workshop.setup(), folder)))
    std::cerr << "note: " << sentence << "\n";
  for (const auto& [task, reason] : workshop.setup().left_out())
    std::cerr << "left out: " << task << ": " << reason << "\n";
  if (const std::string changes = pipeline::stale_text(run, inventory, pipeline::splits_of(workshop.setup()));
      !changes.empty())
    std::cerr << "note: " << changes << "\n`taskonomy run` asks for --update before it does so\n";
  Measured measured;
  measured.costs.learn(jobs, inventory.records());
  if (!values.has("no-trial") && needs_trial(jobs, inventory, measured.costs)) {
    try {
      const auto code = measure(workshop, plugin_dirs, {}, measured);
      if (base::is_of_signal(code)) return code;
    } catch (const base::Error& error) {
      std::cerr << "warning: no trial: " << error.what() << "\n";
    }
  }
  const auto forecast = jobs::forecast(jobs, inventory.records(), measured.costs);
  Workers workers{.memory = measured.memory, .without_gpu = measured.without_gpu};
  if (recipe.compute.device == "cuda") workers.gpu_memory = static_cast<double>(workshop.memory_on_gpu());
  workers.count = workers_for(workshop, workers_given);
  if (format == "json") {
    print_json(forecast, workers, folder, recipe.sources);
  } else if (format == "csv") {
    print_csv(forecast);
  } else {
    print_text(forecast, workers, folder, recipe);
    if (recipe.cluster && forecast.seconds > 0.0)
      std::cout << pilots_text(forecast, *recipe.cluster,
                               recipe.cluster->workers > 0 ? static_cast<std::size_t>(recipe.cluster->workers)
                                                           : base::usable_cores());
  }
  return base::ExitCode::done;
}

}  // namespace taskonomy::cli
