// What `tasks` and `datasets` share: the list of plugins, and the recipe and the text of `show`.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "apps/learning/workshop.hpp"
#include "apps/taskonomy/command.hpp"
#include "core/base/json.hpp"
#include "core/host/registry.hpp"
#include "core/recipe/recipe.hpp"

namespace taskonomy::cli {

/// The recipe named by --recipe with its --set, or a small one around `task` and `dataset` for --set alone.
[[nodiscard]] recipe::Recipe recipe_of(const Values& values, const std::string& task,
                                       const std::string& dataset);

/// Prints `tasks list` or `datasets list` to standard output: loadable plugins, then those found later under
/// the same id, then the refused ones with their codes. It reads stamps and loads nothing.
[[nodiscard]] base::ExitCode list_plugins(host::Kind kind, const Values& values);

/// [{folder, origin, exists}]: the folders in which plugins are looked for, in order.
[[nodiscard]] base::Json folders_json(const std::vector<host::SearchFolder>& searched);

/// Warns with one line on standard error of each plugin that was refused. A command that asks for such a
/// plugin gets its whole refusal as an error.
void warn_of_refused(const host::PluginRegistry& registry);

/// Prints the plugin's manual page and an empty line; nothing where it has none. Call it before the plugin is
/// loaded: a person whose recipe lacks a parameter then reads what it means.
void print_manual(const host::PluginEntry& entry);

/// Prints "name  value" lines with the names in one column.
void print_fields(const std::vector<std::pair<std::string, std::string>>& fields);

}  // namespace taskonomy::cli
