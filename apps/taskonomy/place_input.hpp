// What `place` and its workers know of a task that is placed into a run.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/jobs/run_directory.hpp"
#include "core/recipe/recipe.hpp"

namespace taskonomy::cli {

/// RUN/place/TASK: the recipe with the task, and what place has to say; everything that is trained lies where
/// the run itself would have it.
[[nodiscard]] std::filesystem::path place_folder(const jobs::RunDirectory& run, const std::string& task);

/// The run's recipe with one more task at its end. `settings`: "task.TASK.key=value" each. Throws Error as
/// read_recipe().
[[nodiscard]] recipe::Recipe recipe_with(const jobs::RunDirectory& run, const std::string& task,
                                         std::vector<std::string> settings);

/// The recipe that `place` left for its workers. Throws Error saying which command begins with it.
[[nodiscard]] recipe::Recipe placed_recipe(const jobs::RunDirectory& run, const std::string& task);

/// Whether a recipe names the task.
[[nodiscard]] bool has_task(const recipe::Recipe& recipe, const std::string& task);

}  // namespace taskonomy::cli
