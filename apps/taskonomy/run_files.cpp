// Binds recipe, plugins, plan and executor together.
#include "apps/taskonomy/run_files.hpp"

#include "core/pipeline/execute.hpp"
#include "core/pipeline/plan.hpp"

namespace taskonomy::cli {

namespace {

host::SearchOptions search_options(const recipe::Recipe& recipe,
                                   const std::vector<std::string>& plugin_dirs) {
  host::SearchOptions options;
  options.plugin_dirs.assign(plugin_dirs.begin(), plugin_dirs.end());
  options.recipe_dirs = recipe.plugin_dirs;
  options.recipe_folder = std::filesystem::path(recipe.file).parent_path();
  return options;
}

}  // namespace

Workshop::Workshop(recipe::Recipe recipe, const std::vector<std::string>& plugin_dirs,
                   const std::string& placed)
    : recipe_(std::move(recipe)),
      registry_(search_options(recipe_, plugin_dirs)),
      session_(std::make_shared<pipeline::Session>(recipe_, registry_, placed)) {}

jobs::Plan Workshop::plan(const std::filesystem::path& folder) const {
  return pipeline::make_plan(session_, folder);
}

std::unique_ptr<jobs::Executor> Workshop::executor(const std::filesystem::path& folder) const {
  return pipeline::make_executor(session_, folder);
}

}  // namespace taskonomy::cli
