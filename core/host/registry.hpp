// The plugins of this run: found by their stamps, loaded when first used, kept for ever.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <taskonomy/sdk/dataset.hpp>
#include <taskonomy/sdk/task.hpp>

#include "core/host/discovery.hpp"
#include "core/host/library.hpp"
#include "core/host/refusal.hpp"
#include "core/recipe/recipe.hpp"

namespace taskonomy::host {

/// What the file of a plugin that can be loaded says of it.
struct PluginEntry {
  Kind kind = Kind::task;
  std::string id;
  std::string summary;
  std::string version;
  std::string licence;
  std::filesystem::path path;
  std::vector<std::string> notes;  ///< harmless differences to this host's build
  std::string origin{};            ///< SearchFolder::origin
  bool own = false;                ///< from the folder that this program was installed with
  std::string manual;              ///< its manual page, the comment that its source begins with; "" = none
};

/// Reads the stamps of all folders when it is made, and loads a plugin when something of it is created. Pass
/// it around; there is no global one. Objects that it creates may outlive it.
class PluginRegistry {
 public:
  /// Throws base::Error for a folder that was named and does not exist or may be written by anybody.
  explicit PluginRegistry(const SearchOptions& options);
  /// Judges plugins by other facts than this host's own; for tests.
  PluginRegistry(const SearchOptions& options, HostFacts host);

  /// Loadable plugins of a kind, by id.
  [[nodiscard]] std::vector<PluginEntry> entries(Kind kind) const;
  /// Loadable plugins whose id was found in an earlier folder, in the order of the search.
  [[nodiscard]] const std::vector<PluginEntry>& shadowed() const noexcept { return shadowed_; }
  /// Files that will not be loaded, in the order of the search. A command that did not ask for them
  /// prints line() of each.
  [[nodiscard]] const std::vector<Refusal>& refused() const noexcept { return refused_; }
  [[nodiscard]] const std::vector<SearchFolder>& searched() const noexcept { return folders_; }

  /// The plugin of that id. Loads nothing. Throws base::Error with the whole refusal when the first file of
  /// that id is refused, and naming near ids and the searched folders when there is none.
  [[nodiscard]] const PluginEntry& find(Kind kind, const std::string& id) const;

  /// What a task says, asked by `question`, without any of its code running in this process: the task is made, asked
  /// and destroyed in a child process, a copy of this one. This program's own plugins (PluginEntry::own) are asked
  /// here. Throws what create_task() and `question` throw, and ChildFault, which names the plugin and its file, when
  /// the task crashes, hangs, ends the process or removes its own file. [any thread]
  [[nodiscard]] std::string ask_task(const std::string& id, const recipe::Table& params,
                                     const sdk::DatasetInfo& dataset, std::int64_t side,
                                     const std::function<std::string(const sdk::Task&)>& question);
  /// Makes dataset `id` in a child process that answers for it (remote_dataset.hpp); this program's own are made
  /// here. Throws what create_dataset() throws, and ChildFault. [any thread]
  [[nodiscard]] std::shared_ptr<sdk::Dataset> open_dataset(const std::string& id, const recipe::Table& params,
                                                           std::int64_t side, std::uint64_t seed);

  /// Makes task `id` with its recipe table, for a dataset and an image side in pixels. Loads the plugin into this
  /// process on first use. Throws base::Error for what find() throws, what the plugin's constructor throws, a record
  /// that fails check_info(), and keys that the task does not read: `recipe.toml:14: task "normal": unknown
  /// key "sigm"; did you mean "sigma"?` [any thread]
  [[nodiscard]] std::shared_ptr<sdk::Task> create_task(const std::string& id, const recipe::Table& params,
                                                       const sdk::DatasetInfo& dataset, std::int64_t side);
  /// Makes dataset `id`, with the same errors. `seed` is for datasets that are made up. [any thread]
  [[nodiscard]] std::shared_ptr<sdk::Dataset> create_dataset(const std::string& id,
                                                             const recipe::Table& params, std::int64_t side,
                                                             std::uint64_t seed);

 private:
  using Name = std::pair<Kind, std::string>;

  void read_folder(const SearchFolder& folder);
  [[nodiscard]] std::shared_ptr<const Library> load(Kind kind, const std::string& id);
  /// "task "normal" (PATH)"; throws as find().
  [[nodiscard]] std::string full_name(Kind kind, const std::string& id) const;
  /// [holding loading_] Without guards.
  [[nodiscard]] std::shared_ptr<sdk::Task> make_task(const std::string& id, const recipe::Table& params,
                                                     const sdk::DatasetInfo& dataset, std::int64_t side);
  [[nodiscard]] std::shared_ptr<sdk::Dataset> make_dataset(const std::string& id, const recipe::Table& params,
                                                           std::int64_t side, std::uint64_t seed);

  HostFacts host_;
  std::vector<SearchFolder> folders_;
  std::map<Name, PluginEntry> entries_;
  std::map<Name, Refusal> first_hit_refused_;
  std::vector<PluginEntry> shadowed_;
  std::vector<Refusal> refused_;
  std::mutex loading_;
  std::map<Name, std::shared_ptr<const Library>> loaded_;
};

}  // namespace taskonomy::host
