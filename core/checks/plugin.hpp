// The plugin that is being checked.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include <taskonomy/sdk/testing.hpp>

#include "core/host/elf.hpp"
#include "core/host/library.hpp"
#include "core/host/refusal.hpp"
#include "core/recipe/recipe.hpp"

namespace taskonomy::checks {

/// What a plugin is checked with.
struct PluginSettings {
  std::uint64_t seed = 1;  ///< of made-up samples and weights
  recipe::Table params{};  ///< keys of the task's recipe table
};

/// One file, not yet loaded. Loading happens when a check asks for it, in that check's process.
class Plugin {
 public:
  /// Throws base::Error when there is no such file, or it is a folder or something else.
  explicit Plugin(const std::filesystem::path& path, PluginSettings settings = {});

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
  /// What reading the file gave: its stamp, or why the host would refuse it.
  [[nodiscard]] const host::PluginFile& file() const noexcept { return file_; }
  /// The stamp's value for a key, "" where the stamp cannot be read.
  [[nodiscard]] const std::string& stamped(const std::string& key) const { return file_.stamp.at(key); }
  [[nodiscard]] const host::HostFacts& host() const noexcept { return host_; }
  /// Its dynamic symbols and search paths, read from the file. Throws base::Error where it is damaged.
  [[nodiscard]] host::LinkFacts link_facts() const;

  [[nodiscard]] bool loaded() const noexcept { return library_ != nullptr; }
  /// Loads the plugin into this process when first asked. Throws base::Error with the loader's words.
  [[nodiscard]] const host::Library& library();

  /// The task behind the plugin's entry, for an imaginary dataset that offers everything. Loads the plugin.
  [[nodiscard]] sdk::testing::Subject subject();
  /// Keys of the task's table in `settings` that its constructor never asked for.
  [[nodiscard]] std::vector<std::string> unread_keys();

 private:
  [[nodiscard]] sdk::testing::SubjectOptions subject_options() const;

  std::filesystem::path path_;  ///< absolute
  PluginSettings settings_;
  host::HostFacts host_;
  host::PluginFile file_;
  std::shared_ptr<const host::Library> library_;
};

}  // namespace taskonomy::checks
