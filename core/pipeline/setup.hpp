// What planning and work both stand on: a recipe with its data set and its tasks, found out once.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <taskonomy/sdk/dataset.hpp>
#include <taskonomy/sdk/task.hpp>

#include "core/data/splits.hpp"
#include "core/data/whitening.hpp"
#include "core/host/registry.hpp"
#include "core/pipeline/task_card.hpp"
#include "core/recipe/prices.hpp"
#include "core/recipe/recipe.hpp"

namespace taskonomy::pipeline {

/// A task of the recipe that the data set has no labels for.
struct LeftOut {
  std::string task;
  std::string reason;  ///< `needs modality "depth_zbuffer"; dataset "photos" offers: rgb`
};

/// Where the code of plugins runs that this program was not installed with.
enum class Guests {
  apart,  ///< in child processes: for planning, which asks and reads no samples
  here    ///< the data set and fresh tasks in this process: for jobs, previews and exports
};

/// Makes the tasks of a recipe. Each job gets fresh ones, so that what a plugin keeps in a task reaches no
/// other job.
class TaskFactory {
 public:
  /// Makes the data set. The registry outlives the factory. Throws Error when the plugin is
  /// missing, refused, or fails.
  TaskFactory(const recipe::Recipe& recipe, host::PluginRegistry& registry, Guests guests);
  /// Makes tasks for a data set that was made already.
  TaskFactory(const recipe::Recipe& recipe, host::PluginRegistry& registry,
              std::shared_ptr<sdk::Dataset> dataset);

  /// With Guests::apart, its samples cannot be read.
  [[nodiscard]] const sdk::Dataset& dataset() const { return *dataset_; }

  /// The card of a task made for the data set, or what the data set lacks for it.
  struct Attempt {
    std::optional<TaskCard> card;
    std::string reason;
  };
  /// Throws Error for what is wrong beyond labels that the data set lacks.
  [[nodiscard]] Attempt attempt(const recipe::TaskEntry& entry) const;
  /// Throws Error also when the data set lacks something.
  [[nodiscard]] TaskCard card(const recipe::TaskEntry& entry) const;
  /// The task itself, in this process.
  [[nodiscard]] std::shared_ptr<sdk::Task> make(const recipe::TaskEntry& entry) const;
  /// PluginRegistry::ask_task() of the task.
  [[nodiscard]] std::string ask(const recipe::TaskEntry& entry,
                                const std::function<std::string(const sdk::Task&)>& question) const;

 private:
  /// Adds what the data set says of the modalities that it does not offer to what a task lacks.
  [[nodiscard]] std::string explain(const std::string& reason, const sdk::TaskInfo& task) const;

  host::PluginRegistry* registry_;
  std::int64_t side_;
  std::shared_ptr<sdk::Dataset> dataset_;
};

/// A recipe with everything that it names: constant once it is made. [one thread]
class Setup {
 public:
  /// Makes the data set, and asks every task for its card. `placed`: the one task of the recipe that is placed into a
  /// run of the others (place.hpp); "" in a run. `guests`: where the data set is made. The registry outlives the setup. Throws Error for what is
  /// wrong with the data set or a task; with missing = "skip" a task whose labels the data set lacks is
  /// left out, unless none remains.
  Setup(const recipe::Recipe& recipe, host::PluginRegistry& registry, std::string placed = "",
        Guests guests = Guests::apart);
  /// The same for a run whose networks are used and not trained: its data set need not be there, only what it said of
  /// itself (host::kept_dataset_record()). Samples and files cannot be asked for.
  Setup(const recipe::Recipe& recipe, host::PluginRegistry& registry, const sdk::DatasetInfo& recorded);

  /// The recipe, without the tasks that were left out.
  [[nodiscard]] const recipe::Recipe& recipe() const { return recipe_; }
  /// The task that is placed; no other task is transferred from it. "" in a run.
  [[nodiscard]] const std::string& placed() const { return placed_; }
  /// With missing = "skip": the tasks whose labels the data set lacks, in the order of the recipe.
  [[nodiscard]] const std::vector<LeftOut>& left_out() const { return left_out_; }
  [[nodiscard]] const sdk::Dataset& dataset() const { return factory_.dataset(); }
  /// What the data set has to say of its files (sdk::DatasetNotes): images that are not used.
  [[nodiscard]] std::vector<std::string> data_notes() const;

  /// What a task says of itself. Throws Error when the recipe does not name it.
  [[nodiscard]] const TaskCard& card(const std::string& id) const;
  [[nodiscard]] const sdk::TaskInfo& info(const std::string& id) const { return card(id).info; }
  /// What a task answers to another question, asked apart (PluginRegistry::ask_task()).
  [[nodiscard]] std::string ask(const std::string& id,
                                const std::function<std::string(const sdk::Task&)>& question) const;
  /// A task to work with, in this process, which nobody else has. `measured`: constants that stand in for keys the recipe does
  /// not give.
  [[nodiscard]] std::shared_ptr<sdk::Task> fresh_task(
      const std::string& id, const std::optional<data::WhiteningConstants>& measured = {}) const;

  /// The encoder trained elsewhere of this name, or null: then the name is a task's.
  [[nodiscard]] const recipe::Pretrained* pretrained(const std::string& id) const;
  /// What a source takes from the supervision budget: as [taxonomy.cost] says, else its own.
  [[nodiscard]] double label_cost(const std::string& id) const;
  /// The same of all sources, which of them are never trained, and the unit of the budget.
  [[nodiscard]] recipe::Prices prices() const;

  /// Modalities that the recipe's tasks of a view kind take from samples, sorted, rgb among them; the first
  /// offered one of alternatives. A placed task does not count beside others.
  [[nodiscard]] std::vector<std::string> modalities(sdk::ViewKind kind) const;
  /// The same for one task.
  [[nodiscard]] std::vector<std::string> modalities(const std::string& task) const;
  /// The samples of a view kind in their splits, in the order of storage. The data set is asked at the first
  /// call. Throws Error for a split that would be empty.
  [[nodiscard]] const std::vector<data::SampleKey>& samples(sdk::ViewKind kind) const;

  /// Which tasks train without the augmentation that the recipe asks for, because they offer none, in a sentence; ""
  /// where all that train do with it, or the recipe asks for none.
  [[nodiscard]] std::string augmentation_note() const;

  /// What a person should know of the splits before anything begins, a sentence each: kinds of views of which samples are
  /// left out because they show photographs of two splits, which have too few samples to learn from, or none that could be
  /// held out for validation.
  [[nodiscard]] std::vector<std::string> split_notes() const;

  /// What a task's plugin says of it in one line.
  [[nodiscard]] std::string plugin_summary(const std::string& id) const;
  /// Whether the program was not installed with the plugin of a task: what it may break is kept apart.
  [[nodiscard]] bool is_guest(const std::string& task) const;
  /// Fingerprint of a plugin's file. Throws Error when it cannot be read.
  [[nodiscard]] std::string plugin_fingerprint(host::Kind kind, const std::string& id) const;
  /// Fingerprint of a pretrained source's file, which is inspected first. Throws Error naming the place in
  /// the recipe.
  [[nodiscard]] std::string weights_fingerprint(const recipe::Pretrained& source) const;
  /// Fingerprint of the files behind one modality of these scenes, as Dataset::files_state() has them; ""
  /// where the data set does not tell.
  [[nodiscard]] std::string files_fingerprint(const std::set<std::string>& scenes,
                                              const std::string& modality) const;

 private:
  Setup(const recipe::Recipe& recipe, host::PluginRegistry& registry, std::string placed,
        TaskFactory factory);
  [[nodiscard]] const recipe::TaskEntry& entry_of(const std::string& id) const;
  /// Fingerprint of one scene's Dataset::files_state(); "" where the data set does not tell.
  [[nodiscard]] const std::string& files_state(const std::string& scene, const std::string& modality) const;
  [[nodiscard]] std::vector<sdk::Scene> scenes_of(sdk::ViewKind kind) const;
  /// Of a data set that offers sdk::SharedPhotographs, which outlives the result.
  [[nodiscard]] data::SampleViews views_of(sdk::ViewKind kind) const;
  void add_modalities(const sdk::TaskInfo& info, std::set<std::string>& wanted) const;

  recipe::Recipe recipe_;
  std::string placed_;
  host::PluginRegistry& registry_;
  TaskFactory factory_;
  std::vector<LeftOut> left_out_;
  std::map<std::string, TaskCard> cards_;
  // Answers that are slow to find out, kept after the first question.
  mutable std::map<std::string, std::string> fingerprints_;
  mutable std::map<std::pair<std::string, std::string>, std::string> files_states_;
  mutable std::map<sdk::ViewKind, std::vector<data::SampleKey>> samples_;
  mutable std::optional<data::PhotographSplits> photographs_;
  mutable std::map<sdk::ViewKind, std::int64_t> straddling_;
};

/// What the recipe asks for and its tasks cannot give, a sentence each: orders and candidates beyond the number
/// of sources. Defaults are no wish. Throws Error naming the place when none of the tasks is a target, so that a
/// run would judge nothing.
[[nodiscard]] std::vector<std::string> require_targets(const Setup& setup);

}  // namespace taskonomy::pipeline
