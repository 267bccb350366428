// Tasks without a compiler: the page ID.task.toml of a script task stands in a folder of plugins as a plugin does. Its keys say
// what the task is, the TorchScript file that it names what label and loss are, and the built-in plugin `script` makes the task
// of both (plugins/script/script.cpp).
#pragma once

#include <filesystem>
#include <string>

#include "core/host/library.hpp"
#include "core/host/refusal.hpp"
#include "core/recipe/recipe.hpp"

namespace taskonomy::host {

/// Whether the file is called as the page of a script task: ID.task.toml.
[[nodiscard]] bool is_script_page(const std::filesystem::path& path);

/// What a page says.
struct ScriptPage {
  recipe::Table keys;  ///< with id, title and script; `script` as an absolute path
  std::string manual;  ///< the comment that it begins with
};

/// Reads a page. Throws base::Error "PATH:LINE: ..." where it is no TOML, lacks a title, has a section, or has another id
/// than its name.
[[nodiscard]] ScriptPage read_script_page(const std::filesystem::path& path);

/// inspect() of a page: its stamp holds what the page says of the task and, of the build, what this host's own does. TX1011 where
/// the page is wrong, TX1008 where anybody may write its TorchScript file.
[[nodiscard]] PluginFile inspect_script_page(const std::filesystem::path& path, const HostFacts& host);

/// load_library() of a page: the built-in plugin `script` with the page's keys.
[[nodiscard]] std::shared_ptr<const Library> load_script_page(const std::filesystem::path& path);

/// The files that a page's task depends on: itself, its TorchScript file, the built-in plugin.
[[nodiscard]] std::vector<std::filesystem::path> files_of_script_page(const std::filesystem::path& path);

}  // namespace taskonomy::host
