// What planning and work both stand on: a recipe with its dataset and its tasks, created when first asked
// for.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <taskonomy/sdk/dataset.hpp>
#include <taskonomy/sdk/task.hpp>

#include "core/data/splits.hpp"
#include "core/host/registry.hpp"
#include "core/recipe/recipe.hpp"

namespace taskonomy::pipeline {

/// A task of the recipe that the dataset has no labels for.
struct LeftOut {
  std::string task;
  std::string reason;  ///< `needs modality "depth_zbuffer"; dataset "photos" offers: rgb`
};

/// [one thread] A recipe brought to life.
class Session {
 public:
  /// The registry outlives the session. With missing = "skip" the recipe's tasks are tried here. Throws Error
  /// when none is left, and for what is wrong with the dataset or a task beyond missing modalities.
  Session(const recipe::Recipe& recipe, host::PluginRegistry& registry);

  /// The recipe, without the tasks that were left out.
  [[nodiscard]] const recipe::Recipe& recipe() const { return recipe_; }
  /// With missing = "skip": the tasks whose labels the dataset lacks, in the order of the recipe.
  [[nodiscard]] const std::vector<LeftOut>& left_out() const { return left_out_; }
  /// Throws Error when the plugin is missing, refused, or fails to make the dataset.
  [[nodiscard]] const sdk::Dataset& dataset();
  /// Throws Error as above, when the recipe does not name the task, or when the dataset lacks a modality or
  /// the kind of views that it needs.
  [[nodiscard]] const sdk::Task& task(const std::string& id);
  /// Fingerprint of a plugin's file: what its examples, losses or pixels were made by.
  [[nodiscard]] std::string plugin_fingerprint(host::Kind kind, const std::string& id);

  /// Modalities that the recipe's tasks of a view kind take from samples, rgb first, sorted; the first
  /// offered one of alternatives.
  [[nodiscard]] std::vector<std::string> modalities(sdk::ViewKind kind);
  /// The samples of a view kind in their splits, in the order of storage.
  [[nodiscard]] const std::vector<data::SampleKey>& samples(sdk::ViewKind kind);

 private:
  /// A task made for the dataset, or why the dataset cannot serve it.
  struct Attempt {
    std::shared_ptr<sdk::Task> task;
    std::string reason;
  };
  [[nodiscard]] Attempt attempt(const recipe::TaskEntry& entry);
  void leave_out_missing();

  recipe::Recipe recipe_;
  std::vector<LeftOut> left_out_;
  host::PluginRegistry& registry_;
  std::shared_ptr<sdk::Dataset> dataset_;
  std::map<std::string, std::shared_ptr<sdk::Task>> tasks_;
  std::map<std::string, std::string> fingerprints_;
  std::map<sdk::ViewKind, std::vector<data::SampleKey>> samples_;
};

/// Name of a view kind in job ids and file names: "single", "fixated_pair", ...
[[nodiscard]] std::string word_of(sdk::ViewKind kind);

}  // namespace taskonomy::pipeline
