// The contract of a plugin as a list of checks, and the plugin that they look at. The checks of the file, of
// loading and of manners are the host's own; those of a task's own promises (spec, label, loss, ...) are the SDK's,
// which authors also run by themselves (taskonomy/sdk/testing.hpp); those of a dataset's are in dataset_checks.hpp.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <taskonomy/sdk/testing.hpp>

#include "core/host/elf.hpp"
#include "core/host/library.hpp"
#include "core/host/refusal.hpp"
#include "core/recipe/recipe.hpp"

namespace taskonomy::checks {

/// Samples that a task's checks take instead of made-up ones, and the record of the dataset that they are from.
struct TaskSamples {
  sdk::DatasetInfo dataset;
  std::vector<sdk::Sample> samples;  ///< of kSampleSide pixels
};

/// Image side of all samples in checks, pixels.
inline constexpr std::int64_t kSampleSide = 32;

/// What the plugin's object is made with.
struct PluginSettings {
  std::uint64_t seed = 1;  ///< of made-up samples and weights, and a dataset's own
  recipe::Table params{};  ///< keys of the task's recipe table, or of [data]
  std::optional<TaskSamples> data{};
};

/// The plugin that is checked: a file that is not yet loaded. It is loaded when a check asks for it,
/// in that check's process.
class CheckedPlugin {
 public:
  /// Throws base::Error when there is no such file, or it is a folder or something else.
  explicit CheckedPlugin(const std::filesystem::path& path, PluginSettings settings = {});

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
  /// What reading the file gave: its stamp, or why the host would refuse it.
  [[nodiscard]] const host::PluginFile& file() const noexcept { return file_; }
  /// The stamp's value for a key, "" where the stamp cannot be read.
  [[nodiscard]] const std::string& stamped(const std::string& key) const { return file_.stamp.at(key); }
  [[nodiscard]] const host::HostFacts& host() const noexcept { return host_; }
  /// As its stamp says; a task where that cannot be read.
  [[nodiscard]] host::Kind kind() const;
  /// Whether its object is made with keys that somebody gave.
  [[nodiscard]] bool has_params() const noexcept { return !settings_.params.empty(); }
  /// Whether the file is still the one that was opened.
  [[nodiscard]] bool unchanged() const;
  /// Its dynamic symbols and search paths, read from the file; none of a script task's page, which has no machine
  /// code. Throws base::Error where it is damaged.
  [[nodiscard]] host::LinkFacts link_facts() const;

  [[nodiscard]] bool loaded() const noexcept { return library_ != nullptr; }
  /// Loads the plugin into this process when first asked. Throws base::Error with the loader's words.
  [[nodiscard]] const host::Library& library();

  /// The task behind the plugin's entry, for the dataset of `settings`, or an imaginary one that offers everything.
  /// Loads the plugin.
  [[nodiscard]] sdk::testing::Subject subject();
  /// The same for this dataset, with made-up samples.
  [[nodiscard]] sdk::testing::Subject subject_for(const sdk::DatasetInfo& dataset);
  /// A new object of the dataset behind the entry. Loads the plugin. Throws base::Error with the constructor's words.
  [[nodiscard]] std::shared_ptr<sdk::Dataset> dataset(std::int64_t side = kSampleSide);
  /// Keys of the table in `settings` that its constructor never asked for.
  [[nodiscard]] std::vector<std::string> unread_keys();

 private:
  [[nodiscard]] sdk::testing::SubjectOptions subject_options();

  std::filesystem::path path_;  ///< absolute
  PluginSettings settings_;
  host::HostFacts host_;
  host::PluginFile file_;
  std::string identity_;  ///< of the file when it was opened: its number, size and time
  std::shared_ptr<const host::Library> library_;
};

using sdk::testing::Finding;
using sdk::testing::Level;
using sdk::testing::Outcome;

/// One promise of a plugin.
struct PluginCheck {
  std::string id;        ///< "manners.stdout": group and name
  std::string contract;  ///< one sentence: what must hold, and why it matters
  std::string hint;      ///< how it is usually mended
  Level level = Level::full;
  /// Ids of checks without which this one would only repeat their failure; they stand before it in the list.
  std::vector<std::string> needs;
  /// Runs in a process and an empty folder of its own, single-threaded. What it throws is a failure.
  std::function<Finding(CheckedPlugin& plugin)> run;
};

/// The finding of a check that looked for `problems` while a plugin was exercised: a failure that names them all, or
/// the reason why the exercise ended early; else a pass.
[[nodiscard]] Finding finding_of(const std::vector<std::string>& problems,
                                 const std::string& ended_early = "");

/// "loss" of "loss.batch_independent".
[[nodiscard]] std::string group_of(const std::string& check_id);

/// All checks of a kind of plugins by group. Of a task: file, load, spec, label, augment, loss, metrics, decoder, manners.
/// Of a dataset: file, load, spec, scenes, sample, manners.
[[nodiscard]] const std::vector<PluginCheck>& all_checks(host::Kind kind = host::Kind::task);

/// file.*: looks at the file before any of its code runs.
[[nodiscard]] std::vector<PluginCheck> file_checks();
/// load.*: loads the plugin, makes and destroys its object.
[[nodiscard]] std::vector<PluginCheck> load_checks(host::Kind kind);
/// manners.*: watches what a plugin does to the process that it is a guest of. `needs`: checks of what it computes,
/// without which it cannot be watched to the end.
[[nodiscard]] std::vector<PluginCheck> manners_checks(host::Kind kind, const std::vector<std::string>& needs);
/// The part of manners.* about state that belongs to the whole process or thread.
[[nodiscard]] std::vector<PluginCheck> global_state_checks(const std::vector<std::string>& needs);

}  // namespace taskonomy::checks
