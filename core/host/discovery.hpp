// Where plugins are searched, and in which order: the first plugin with an id wins. The current
// folder is never searched.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/host/refusal.hpp"
#include "core/recipe/recipe.hpp"

namespace taskonomy::host {

/// Which folders are searched for plugins; made by search_options().
struct SearchOptions {
  std::vector<std::filesystem::path> plugin_dirs;  ///< --plugin-dir, in order; each must exist
  std::vector<std::string> recipe_dirs;            ///< the recipe's [plugins] dirs; each must exist
  std::filesystem::path recipe_folder;             ///< relative recipe_dirs start here
  /// Also TASKONOMY_PLUGIN_PATH, the user's and the system's folders, and this program's own.
  bool standard_places = true;
};

/// The search of every command: the folders of --plugin-dir, then, where there is a recipe, its [plugins]
/// dirs relative to the recipe's file, and the standard places.
[[nodiscard]] SearchOptions search_options(const std::vector<std::string>& plugin_dirs,
                                           const recipe::Recipe* recipe = nullptr);

/// The origin of the folder that this program was installed with: its plugins are trusted as the program is.
inline constexpr const char* kOwnOrigin = "this program's";
/// That of folders which the command line names.
inline constexpr const char* kAskedOrigin = "--plugin-dir";

/// One folder of the search.
struct SearchFolder {
  std::filesystem::path path;  ///< absolute
  std::string origin;          ///< "--plugin-dir", "TASKONOMY_PLUGIN_PATH", ... for messages
  bool exists = false;
  std::optional<Refusal> refusal;  ///< TX1008: anybody may write here, so nothing in it is looked at
};

/// The folders in the order of the search (share/doc/plugins.md):
///   1. plugin_dirs
///   2. those of the environment variable TASKONOMY_PLUGIN_PATH
///   3. recipe_dirs
///   4. the user's: $XDG_DATA_HOME/taskonomy/plugins/<abi>
///   5. this program's: <program>/../lib/taskonomy
///   6. the system's: /usr/local/lib/taskonomy, /usr/lib/taskonomy
/// A folder named twice counts once. Throws base::Error naming a folder of plugin_dirs or recipe_dirs that
/// does not exist or that anybody may write.
[[nodiscard]] std::vector<SearchFolder> search_folders(const SearchOptions& options, const HostFacts& host);

/// The folders in one line, for messages: "/a (--plugin-dir), /b (TASKONOMY_PLUGIN_PATH, not there)".
[[nodiscard]] std::string describe(const std::vector<SearchFolder>& folders);

/// The plugins of a folder by name: its files *.so, and *.task.toml, the pages of script tasks. A file with several names (links) counts once.
[[nodiscard]] std::vector<std::filesystem::path> plugin_files(const std::filesystem::path& folder);

}  // namespace taskonomy::host
