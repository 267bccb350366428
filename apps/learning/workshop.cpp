#include "apps/learning/workshop.hpp"

#include <iostream>
#include <optional>

#include "core/base/text.hpp"
#include "core/host/dataset_record.hpp"
#include "core/network/bfloat16.hpp"
#include "core/network/gpus.hpp"
#include "core/network/precision.hpp"
#include "core/pipeline/execute.hpp"
#include "core/pipeline/plan.hpp"
#include "core/pipeline/trial.hpp"

namespace taskonomy::cli {

namespace fs = std::filesystem;

Workshop::Workshop(recipe::Recipe recipe, const std::vector<std::string>& plugin_dirs,
                   const std::string& placed)
    : recipe_(std::move(recipe)), registry_(host::search_options(plugin_dirs, &recipe_)), placed_(placed) {}

const std::shared_ptr<const pipeline::Setup>& Workshop::made(std::shared_ptr<const pipeline::Setup>& setup,
                                                             pipeline::Guests guests) const {
  if (!setup) {
    setup = std::make_shared<const pipeline::Setup>(recipe_, registry_, placed_, guests);
    // One reference is never given up: the destructor of a data set must not decide how the program ends.
    if (guests == pipeline::Guests::here)
      static_cast<void>(new std::shared_ptr<const pipeline::Setup>(setup));
  }
  return setup;
}

const pipeline::Setup& Workshop::setup_of_networks(const jobs::RunDirectory& run) const {
  if (!setup_)
    if (const auto recorded = host::kept_dataset_record(run.root())) return setup_of_networks(*recorded);
  return setup();
}

const pipeline::Setup& Workshop::setup_of_networks(const sdk::DatasetInfo& recorded) const {
  if (!setup_) setup_ = std::make_shared<const pipeline::Setup>(recipe_, registry_, recorded);
  return *setup_;
}

std::uint64_t Workshop::memory_on_gpu() const {
  if (!memory_on_gpu_) memory_on_gpu_ = pipeline::forecast_gpu_memory(setup());
  return *memory_on_gpu_;
}

jobs::Plan Workshop::plan(const fs::path& folder) const {
  return pipeline::make_plan(shared_setup(), folder);
}

std::unique_ptr<jobs::Executor> Workshop::executor(const fs::path& folder, const fs::path& copies) const {
  return pipeline::make_executor(
      recipe_.compute, [this] { return working_setup(); }, folder, copies);
}

jobs::RunDirectory named_run(const Values& values, const std::string& argument) {
  jobs::RunDirectory run(values.text(argument));
  if (!fs::exists(run.recipe_file()))
    throw base::Error(run.root().string() + ": no run is here (it has no recipe.toml)");
  return run;
}

Workshop open_workshop(const Values& values) {
  return Workshop(recipe::read_recipe(values.text("RECIPE"), values.list("set")), values.list("plugin-dir"));
}

namespace {

/// A recipe file, or the one in a run's folder.
struct Source {
  fs::path file;
  std::optional<fs::path> folder;  ///< of the run that the file belongs to
};

Source source_of(const fs::path& given) {
  std::error_code error;
  if (!fs::is_directory(given, error)) return {given, std::nullopt};
  if (!fs::exists(given / "recipe.toml", error))
    throw base::Error(given.string() +
                      ": a folder without recipe.toml; expected a recipe file or a run's folder");
  static_cast<void>(
      jobs::RunDirectory(given).read_recipe());  // refuses a recipe that no run would have written
  return {given / "recipe.toml", given};
}

recipe::Recipe recipe_of(const Source& source, std::vector<std::string> overrides, const Values& values) {
  if (values.has("device")) overrides.push_back("compute.device=" + values.text("device"));
  const auto of_cluster = values.list("cluster-set");
  if (!values.has("cluster"))
    for (const auto& setting : of_cluster) overrides.push_back("cluster." + setting);
  recipe::Recipe recipe = recipe::read_recipe(source.file, overrides);
  if (values.has("cluster")) recipe.cluster = recipe::read_cluster(values.text("cluster"), of_cluster);
  // The run's folder keeps a copy of the recipe. Folders relative to this file would lead
  // elsewhere from there.
  for (std::string& dir : recipe.plugin_dirs)
    dir = fs::absolute(fs::path(recipe.file).parent_path() / dir).string();
  return recipe;
}

/// The precision of the run in a folder; "auto" when there is none or its recipe cannot be read, which
/// require_recipe() tells where it matters.
std::string precision_of(const jobs::RunDirectory& run) {
  if (!fs::exists(run.recipe_file())) return "auto";
  try {
    return run.read_recipe().compute.precision;
  } catch (const base::Error&) {
    return "auto";
  }
}

/// Decides once what "auto" means: as the run in the folder does, else as this machine can. All workers of a
/// run, on whatever machine, then compute in the same precision or refuse.
void decide_precision(recipe::Recipe& recipe, const fs::path& folder) {
  auto& precision = recipe.compute.precision;
  if (precision == "auto") precision = precision_of(jobs::RunDirectory(folder));
  if (precision != "auto") return;
  precision = network::resolve_hardware(recipe.compute).bfloat16 ? "bfloat16" : "float32";
  if (precision == "bfloat16" || recipe.compute.device == "cuda") return;
  if (const auto& fault = network::cpu_bfloat16_fault(); !fault.empty())
    std::cerr << "note: networks compute in float32, because " << fault << "\n";
}

}  // namespace

RunInput read_run_input(const Values& values) {
  return read_run_input(values.text("RECIPE|RUN"), values.list("set"), values);
}

RunInput read_run_input(const fs::path& given, const std::vector<std::string>& overrides,
                        const Values& values) {
  const Source source = source_of(given);
  recipe::Recipe recipe = recipe_of(source, overrides, values);
  const fs::path folder = values.text("out", source.folder ? source.folder->string() : "runs/" + recipe.name);
  const bool on_gpus = recipe.compute.device == "cuda" && recipe.compute.precision == "auto";
  decide_precision(recipe, folder);
  if (on_gpus && recipe.compute.precision == "float32" && !values.has("quiet"))
    if (const auto old = network::gpu_without_bfloat16(base::gpu_driver().gpus); !old.empty())
      std::cerr << "note: the " << old << " has no instructions for bfloat16: networks compute in float32\n";
  return {std::move(recipe), folder};
}

fs::path place_folder(const jobs::RunDirectory& run, const std::string& task) {
  return run.root() / "place" / jobs::safe_name(task);
}

namespace {

/// A recipe that a command left beside the run's own.
recipe::Recipe recipe_beside(const jobs::RunDirectory& run, const fs::path& file) {
  recipe::Recipe recipe = recipe::read_recipe(file);
  recipe.plugin_dirs = run.read_recipe().plugin_dirs;  // only the run's own recipe may name code to load
  return recipe;
}

}  // namespace

recipe::Recipe placed_recipe(const jobs::RunDirectory& run, const std::string& task) {
  const fs::path file = place_folder(run, task) / "recipe.toml";
  if (!fs::exists(file))
    throw base::Error(run.root().string() + ": no task \"" + task +
                      "\" is placed into it; begin with: taskonomy place " + task + " " +
                      base::shell_quoted(run.root().string()));
  return recipe_beside(run, file);
}

fs::path finish_folder(const jobs::RunDirectory& run) { return run.root() / "finished"; }

recipe::Recipe finishing_recipe(const jobs::RunDirectory& run) {
  const fs::path file = finish_folder(run) / "recipe.toml";
  if (!fs::exists(file))
    throw base::Error(run.root().string() +
                      ": nothing of it is being finished; begin with: taskonomy finish " +
                      base::shell_quoted(run.root().string()));
  return recipe_beside(run, file);
}

}  // namespace taskonomy::cli
