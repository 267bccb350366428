#include "apps/taskonomy/place_input.hpp"

#include <algorithm>

#include "core/base/error.hpp"
#include "core/base/text.hpp"
#include "core/recipe/document.hpp"

namespace taskonomy::cli {

namespace fs = std::filesystem;

fs::path place_folder(const jobs::RunDirectory& run, const std::string& task) {
  return run.root() / "place" / jobs::safe_name(task);
}

recipe::Recipe recipe_with(const jobs::RunDirectory& run, const std::string& task,
                           std::vector<std::string> settings) {
  std::vector<std::string> tasks;
  for (const auto& entry : run.read_recipe().tasks) tasks.push_back(recipe::toml_text(entry.id));
  tasks.push_back(recipe::toml_text(task));
  settings.push_back("tasks=[" + base::join(tasks, ", ") + "]");
  recipe::Recipe recipe = recipe::read_recipe(run.recipe_file(), settings);
  recipe.tasks.back().where = "place";  // what is wrong with the task is said of it, not of the run's recipe
  recipe.missing = "skip";              // labels that it lacks are said by pipeline::place()
  return recipe;
}

recipe::Recipe placed_recipe(const jobs::RunDirectory& run, const std::string& task) {
  const fs::path file = place_folder(run, task) / "recipe.toml";
  if (!fs::exists(file))
    throw base::Error(run.root().string() + ": no task \"" + task +
                      "\" is placed into it; begin with: taskonomy place " + task + " " +
                      run.root().string());
  recipe::Recipe recipe = recipe::read_recipe(file);
  recipe.plugin_dirs = run.read_recipe().plugin_dirs;  // code is what the run's own recipe may name
  return recipe;
}

bool has_task(const recipe::Recipe& recipe, const std::string& task) {
  return std::any_of(recipe.tasks.begin(), recipe.tasks.end(),
                     [&](const auto& entry) { return entry.id == task; });
}

}  // namespace taskonomy::cli
