// What the commands that load plugins share: which recipe they are asked about, where its plugins lie, and
// the recipe, its plugins and its dataset opened once.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "apps/taskonomy/command.hpp"
#include "core/host/registry.hpp"
#include "core/jobs/job.hpp"
#include "core/jobs/run_directory.hpp"
#include "core/pipeline/setup.hpp"
#include "core/recipe/recipe.hpp"

namespace taskonomy::cli {

/// A recipe with its plugins. What refers into it, such as a plan, stays valid while it lives.
class Workshop {
 public:
  /// `placed`: the task of the recipe that is placed into a run of the others; "" in a run. Throws Error for plugin
  /// folders that are not there.
  Workshop(recipe::Recipe recipe, const std::vector<std::string>& plugin_dirs,
           const std::string& placed = "");
  Workshop(const Workshop&) = delete;
  Workshop& operator=(const Workshop&) = delete;

  [[nodiscard]] const recipe::Recipe& recipe() const { return recipe_; }
  [[nodiscard]] const host::PluginRegistry& registry() const { return registry_; }
  /// The data set and the tasks for planning, made at the first call. Throws Error as Setup does.
  [[nodiscard]] const pipeline::Setup& setup() const { return *shared_setup(); }
  [[nodiscard]] const std::shared_ptr<const pipeline::Setup>& shared_setup() const {
    return made(setup_, pipeline::Guests::apart);
  }
  /// For using the networks of a run: by what the run kept of its data set, which need not be there, else as setup().
  [[nodiscard]] const pipeline::Setup& setup_of_networks(const jobs::RunDirectory& run) const;
  /// The same by a record that lies elsewhere.
  [[nodiscard]] const pipeline::Setup& setup_of_networks(const sdk::DatasetInfo& recorded) const;
  /// The same for work with samples and labels: plugins are loaded into this process (pipeline::Guests::here).
  [[nodiscard]] const std::shared_ptr<const pipeline::Setup>& working_setup() const {
    return made(working_setup_, pipeline::Guests::here);
  }
  /// Bytes of a GPU's memory that a worker takes at most (pipeline::forecast_gpu_memory()), reckoned at the first call.
  [[nodiscard]] std::uint64_t memory_on_gpu() const;
  /// The jobs of a run in this folder. Throws Error for what the recipe asks and its plugins cannot do.
  [[nodiscard]] jobs::Plan plan(const std::filesystem::path& folder) const;
  [[nodiscard]] std::unique_ptr<jobs::Executor> executor(const std::filesystem::path& folder,
                                                         const std::filesystem::path& copies = "") const;

 private:
  const std::shared_ptr<const pipeline::Setup>& made(std::shared_ptr<const pipeline::Setup>& setup,
                                                     pipeline::Guests guests) const;

  recipe::Recipe recipe_;
  mutable host::PluginRegistry registry_;  // loads plugins when they are first used
  std::string placed_;
  mutable std::shared_ptr<const pipeline::Setup> setup_, working_setup_;
  mutable std::optional<std::uint64_t> memory_on_gpu_;
};

/// The folder that the argument RUN names, whatever else it may name by `argument`. Throws Error where no run is there.
[[nodiscard]] jobs::RunDirectory named_run(const Values& values, const std::string& argument = "RUN");

/// From RECIPE, --set and --plugin-dir, as the subcommands of `data` have them. Throws Error as
/// read_recipe() and Workshop do.
[[nodiscard]] Workshop open_workshop(const Values& values);

/// A recipe and the folder of its run.
struct RunInput {
  recipe::Recipe recipe;
  std::filesystem::path folder;
};

/// From RECIPE|RUN, --set, --device, --cluster, --cluster-set and --out, as `run` and `plan` have them; precision "auto" is decided.
/// Throws Error for a folder that holds no run, and as read_recipe().
[[nodiscard]] RunInput read_run_input(const Values& values);
/// The same of a recipe or a run's folder, with these overrides in place of --set.
[[nodiscard]] RunInput read_run_input(const std::filesystem::path& given,
                                      const std::vector<std::string>& overrides, const Values& values);

/// RUN/place/TASK: the recipe with the placed task, and what `place` has to say. What is trained lies where
/// the run itself would have it.
[[nodiscard]] std::filesystem::path place_folder(const jobs::RunDirectory& run, const std::string& task);

/// The recipe that `place` left for its workers. Throws Error saying which command makes it.
[[nodiscard]] recipe::Recipe placed_recipe(const jobs::RunDirectory& run, const std::string& task);

/// RUN/finished: the recipe that `finish` works by, its networks and what they are worth.
[[nodiscard]] std::filesystem::path finish_folder(const jobs::RunDirectory& run);

/// The recipe that `finish` left for its workers. Throws Error saying which command makes it.
[[nodiscard]] recipe::Recipe finishing_recipe(const jobs::RunDirectory& run);

}  // namespace taskonomy::cli
