#include "apps/taskonomy/run_input.hpp"

#include <algorithm>
#include <optional>

#include "core/base/machine.hpp"
#include "core/jobs/run_directory.hpp"

namespace taskonomy::cli {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kCudaWorkers = 4;  // each holds its own share of the device's memory

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
  static_cast<void>(jobs::RunDirectory(given).read_recipe());  // refuses what no run would have written
  return {given / "recipe.toml", given};
}

recipe::Recipe recipe_of(const Source& source, const Values& values) {
  auto overrides = values.list("set");
  if (values.has("device")) overrides.push_back("compute.device=" + values.text("device"));
  recipe::Recipe recipe = recipe::read_recipe(source.file, overrides);
  // The run's folder keeps its own copy of the recipe: there, folders relative to this file would lead
  // elsewhere.
  for (std::string& dir : recipe.plugin_dirs) dir = fs::absolute(source.file.parent_path() / dir).string();
  return recipe;
}

}  // namespace

RunInput read_run_input(const Values& values) {
  const Source source = source_of(values.text("RECIPE|RUN"));
  recipe::Recipe recipe = recipe_of(source, values);
  const fs::path folder = values.text("out", source.folder ? source.folder->string() : "runs/" + recipe.name);
  return {std::move(recipe), folder};
}

std::size_t workers_of(long given, const recipe::Recipe& recipe) {
  if (given >= 0) return static_cast<std::size_t>(given);
  if (recipe.compute.workers > 0) return static_cast<std::size_t>(recipe.compute.workers);
  const std::size_t cores = base::usable_cores();
  return recipe.compute.device == "cuda" ? std::min(cores, kCudaWorkers) : cores;
}

jobs::WorkerLimits limits_of(const recipe::Recipe& recipe) {
  constexpr double kGiB = 1 << 30;
  const double asked = recipe.compute.memory_limit * kGiB;
  // One plugin that goes wild is stopped before the machine runs short for the others.
  const double memory = asked > 0.0 ? asked : static_cast<double>(base::usable_memory()) / 2.0;
  return {static_cast<std::uint64_t>(memory), recipe.compute.device != "cuda"};
}

}  // namespace taskonomy::cli
