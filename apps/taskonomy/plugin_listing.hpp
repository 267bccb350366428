// What `taskonomy tasks` and `taskonomy datasets` share: their options, the registry those describe, the
// list.
#pragma once

#include <boost/program_options.hpp>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "apps/taskonomy/options.hpp"
#include "apps/taskonomy/workshop.hpp"
#include "core/host/registry.hpp"
#include "core/recipe/recipe.hpp"

namespace taskonomy::cli {

/// --plugin-dir and --json; with `show`, also --recipe, --set and --side.
[[nodiscard]] boost::program_options::options_description plugin_options(bool show);

/// The recipe named by --recipe with its --set, or a small one around `task` and `dataset` for --set alone.
[[nodiscard]] recipe::Recipe recipe_of(const Values& values, const std::string& task,
                                       const std::string& dataset);

/// `taskonomy tasks list`, `taskonomy datasets list`: loadable plugins, then those found later under the same
/// id, then the refused ones with their codes. Reads stamps only. Prints to stdout.
[[nodiscard]] base::ExitCode list_plugins(host::Kind kind, const std::vector<std::string>& args);

/// One line on stderr for each plugin that was refused; whoever asks for one gets its whole refusal as an
/// error instead.
void warn_of_refused(const host::PluginRegistry& registry);

/// Prints the plugin's manual page and an empty line; nothing where it has none. Before the plugin is loaded, so that
/// whoever lacks a parameter reads what it means.
void print_manual(const host::PluginEntry& entry);

/// Prints "name  value" lines with the names in one column.
void print_fields(const std::vector<std::pair<std::string, std::string>>& fields);

/// One word behind `tasks` or `datasets`, and what it does.
struct Subcommand {
  std::string name;
  std::string arguments;
  std::string help;
  std::function<base::ExitCode(const std::vector<std::string>& args)> run;
};
/// Runs the subcommand named by the first argument. No argument is `list`, where there is one; --help prints
/// them all, --help --all also the help of each. Throws a usage Error naming the nearest one.
[[nodiscard]] base::ExitCode dispatch(const std::string& command, const std::vector<Subcommand>& subcommands,
                                      const std::vector<std::string>& args);

}  // namespace taskonomy::cli
