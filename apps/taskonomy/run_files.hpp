// What `run`, `place` and `worker` share: plugins, plan and executor of a recipe.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/host/registry.hpp"
#include "core/jobs/job.hpp"
#include "core/pipeline/session.hpp"
#include "core/recipe/recipe.hpp"

namespace taskonomy::cli {

/// A recipe with its plugins; everything that refers into it stays valid while it lives.
class Workshop {
 public:
  /// `placed`: the task of the recipe that is placed into a run of the others, "" in a run. Throws Error for
  /// plugin folders that are not there.
  Workshop(recipe::Recipe recipe, const std::vector<std::string>& plugin_dirs,
           const std::string& placed = "");
  [[nodiscard]] const recipe::Recipe& recipe() const { return recipe_; }
  [[nodiscard]] const host::PluginRegistry& registry() const { return registry_; }
  [[nodiscard]] pipeline::Session& session() { return *session_; }
  [[nodiscard]] const std::shared_ptr<pipeline::Session>& shared_session() const { return session_; }
  /// The jobs of a run in this folder. Throws Error for what the recipe asks and its plugins cannot do.
  [[nodiscard]] jobs::Plan plan(const std::filesystem::path& folder) const;
  [[nodiscard]] std::unique_ptr<jobs::Executor> executor(const std::filesystem::path& folder) const;

 private:
  recipe::Recipe recipe_;
  host::PluginRegistry registry_;
  std::shared_ptr<pipeline::Session> session_;
};

}  // namespace taskonomy::cli
