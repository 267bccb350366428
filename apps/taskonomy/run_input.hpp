// What `run` and `plan` share: a recipe file or a run's folder, overrides, workers and their limits.
#pragma once

#include <cstddef>
#include <filesystem>

#include "apps/taskonomy/options.hpp"
#include "core/jobs/pool.hpp"
#include "core/recipe/recipe.hpp"

namespace taskonomy::cli {

/// A recipe and the folder of its run.
struct RunInput {
  recipe::Recipe recipe;
  std::filesystem::path folder;
};

/// From RECIPE|RUN, --set, --device and --out. Throws Error for a folder that is no run's, and what reading
/// the recipe says.
[[nodiscard]] RunInput read_run_input(const Values& values);

/// `given`: of --workers, -1 when it was not given.
[[nodiscard]] std::size_t workers_of(long given, const recipe::Recipe& recipe);

/// What one worker may take: the recipe's [compute] memory_limit, by default half of the machine's memory.
[[nodiscard]] jobs::WorkerLimits limits_of(const recipe::Recipe& recipe);

}  // namespace taskonomy::cli
