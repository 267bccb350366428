// Libraries in this process: plugins are loaded here and nowhere else, and the SDK and LibTorch that the
// program started with tell what they are, so that a result's key can name the code that computed it.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include <taskonomy/sdk/plugin.hpp>

#include "core/recipe/recipe.hpp"

namespace taskonomy::host {

/// A loaded plugin. It stays in the process for ever, because LibTorch keeps pointers into it (registries,
/// vtables) that nobody can find again. Only a new process can load a newer build of it.
class Library {
 public:
  virtual ~Library() = default;
  /// What the plugin's entry returned. The functions of the table are valid for the rest of the process.
  [[nodiscard]] virtual const sdk::PluginTable& table() const noexcept = 0;
  /// The id that its entry states.
  [[nodiscard]] virtual std::string id() const { return table().id == nullptr ? "" : table().id; }
  /// What its objects are made with beside the recipe's table: the keys of a script task's page (script_page.hpp).
  [[nodiscard]] virtual const recipe::Table& keys() const noexcept;
};

/// A recipe's table together with the library's own keys. Throws base::Error naming the place of a key that both have.
[[nodiscard]] recipe::Table with_keys_of(const Library& library, recipe::Table params);

/// Fingerprint of all that a plugin's file is made of, 32 hexadecimal digits: its bytes; of the page of a script task also
/// those of its TorchScript file and of the plugin that reads it. Throws base::Error naming what cannot be read.
[[nodiscard]] std::string plugin_fingerprint(const std::filesystem::path& path);

/// Loads a file that inspect() found sound. Runs the plugin's static initialisers.
/// Throws base::Error with the system loader's own words, or naming what its entry lacks.
[[nodiscard]] std::shared_ptr<const Library> load_library(const std::filesystem::path& path);

/// The file of the SDK library (libtaskonomy_sdk.so) that this process has mapped.
/// Throws base::Error when the system's loader does not tell.
[[nodiscard]] std::filesystem::path sdk_library();

/// Fingerprint of the bytes of sdk_library(), 32 hexadecimal digits. Label operators, losses and decoders
/// live in that library, so a rebuilt one can change every label and every network although no plugin
/// changed. Reads the file at the first call (a few milliseconds) and remembers the answer. Throws
/// base::Error naming the file when it cannot be read. [any thread]
[[nodiscard]] const std::string& sdk_fingerprint();

/// Version of the LibTorch that this process has loaded, "2.4.1": what the library itself says,
/// which is newer than the version in the headers of the build (stamp key "torch") after an upgrade
/// of the library alone.
[[nodiscard]] const std::string& torch_version();

}  // namespace taskonomy::host
