// A plugin's library in this process. The one place that loads code.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include <taskonomy/sdk/plugin.hpp>

namespace taskonomy::host {

/// A loaded plugin; it stays in the process for ever, because LibTorch keeps pointers into it (registries,
/// vtables) that nobody can find again. Loading a newer build of it takes a new process.
class Library {
 public:
  virtual ~Library() = default;
  /// What the plugin's entry returned. The functions of the table are valid for the rest of the process.
  [[nodiscard]] virtual const sdk::PluginTable& table() const noexcept = 0;
};

/// Loads a file that inspect() found sound. Runs the plugin's static initialisers.
/// Throws base::Error with the system loader's own words, or naming what its entry lacks.
[[nodiscard]] std::shared_ptr<const Library> load_library(const std::filesystem::path& path);

}  // namespace taskonomy::host
