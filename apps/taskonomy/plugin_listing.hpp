// What `taskonomy tasks` and `taskonomy datasets` share: their options, the registry those describe, the
// list.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "apps/taskonomy/command.hpp"
#include "apps/taskonomy/workshop.hpp"
#include "core/host/registry.hpp"
#include "core/recipe/recipe.hpp"

namespace taskonomy::cli {

/// What `show` has beside its ID: --recipe, --set, --side, --plugin-dir, --format, --json.
[[nodiscard]] std::vector<Option> show_options();

/// The recipe named by --recipe with its --set, or a small one around `task` and `dataset` for --set alone.
[[nodiscard]] recipe::Recipe recipe_of(const Values& values, const std::string& task,
                                       const std::string& dataset);

/// `tasks list` or `datasets list`: loadable plugins, then those found later under the same id, then the refused ones
/// with their codes. It reads stamps and loads nothing.
[[nodiscard]] Command list_command(host::Kind kind, base::ExitCode (*run)(const Values& values));
/// Its work. Prints to standard output.
[[nodiscard]] base::ExitCode list_plugins(host::Kind kind, const Values& values);

/// One line on stderr for each plugin that was refused; whoever asks for one gets its whole refusal as an
/// error instead.
void warn_of_refused(const host::PluginRegistry& registry);

/// Prints the plugin's manual page and an empty line; nothing where it has none. Before the plugin is loaded, so that
/// whoever lacks a parameter reads what it means.
void print_manual(const host::PluginEntry& entry);

/// Prints "name  value" lines with the names in one column.
void print_fields(const std::vector<std::pair<std::string, std::string>>& fields);

}  // namespace taskonomy::cli
