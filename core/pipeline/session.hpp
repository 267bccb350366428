// What planning and work both stand on: a recipe with its dataset and its tasks, created when first asked
// for.
#pragma once

#include <map>
#include <memory>
#include <set>
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
  /// `placed`: the one task of the recipe that is placed into a run of the others (place.hpp); "" in a run.
  Session(const recipe::Recipe& recipe, host::PluginRegistry& registry, std::string placed = "");

  /// The recipe, without the tasks that were left out.
  [[nodiscard]] const recipe::Recipe& recipe() const { return recipe_; }
  /// The task that is placed; no other task is transferred from it. "" in a run.
  [[nodiscard]] const std::string& placed() const { return placed_; }
  /// With missing = "skip": the tasks whose labels the dataset lacks, in the order of the recipe.
  [[nodiscard]] const std::vector<LeftOut>& left_out() const { return left_out_; }
  /// Throws Error when the plugin is missing, refused, or fails to make the dataset.
  [[nodiscard]] const sdk::Dataset& dataset();
  /// Throws Error as above, when the recipe does not name the task, or when the dataset lacks a modality or
  /// the kind of views that it needs.
  [[nodiscard]] const sdk::Task& task(const std::string& id);
  /// The next task() makes its task anew: what one job did to a task reaches no other. References that task()
  /// gave end here.
  void forget_tasks() { tasks_.clear(); }
  /// The encoder trained elsewhere of this name, or null: then the name is a task's.
  [[nodiscard]] const recipe::Pretrained* pretrained(const std::string& id) const;
  /// Fingerprint of its file, which is inspected first. Throws Error naming the place in the recipe.
  [[nodiscard]] std::string weights_fingerprint(const recipe::Pretrained& source);
  /// What a source takes from the supervision budget: as [taxonomy.cost] says, else its own.
  [[nodiscard]] double label_cost(const std::string& id);
  /// Fingerprint of a plugin's file: what its examples, losses or pixels were made by.
  [[nodiscard]] std::string plugin_fingerprint(host::Kind kind, const std::string& id);

  /// Modalities that the recipe's tasks of a view kind take from samples, sorted, rgb among them; the first
  /// offered one of alternatives. A placed task does not count beside others.
  [[nodiscard]] std::vector<std::string> modalities(sdk::ViewKind kind);
  /// The same for one task.
  [[nodiscard]] std::vector<std::string> modalities(const std::string& task);
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
  void add_modalities(const sdk::TaskInfo& info, std::set<std::string>& wanted);

  recipe::Recipe recipe_;
  std::string placed_;
  std::vector<LeftOut> left_out_;
  host::PluginRegistry& registry_;
  std::shared_ptr<sdk::Dataset> dataset_;
  std::map<std::string, std::shared_ptr<sdk::Task>> tasks_;
  std::map<std::string, std::string> fingerprints_;
  std::map<sdk::ViewKind, std::vector<data::SampleKey>> samples_;
};

}  // namespace taskonomy::pipeline
