// A recipe carried out: what `run` and `pretrain` share.
#pragma once

#include <string>
#include <vector>

#include "apps/learning/workers.hpp"
#include "apps/learning/workshop.hpp"

namespace taskonomy::cli {

/// What the command line says beside the recipe and its folder.
struct RunOptions {
  std::string until;  ///< "sources", "transfers" (pipeline::stopping_points()); "": to the end
  std::vector<std::string> plugin_dirs;
  long workers = -1;  ///< -1: as workers_of() says
  jobs::Display display = jobs::Display::plain;
  bool update = false;          ///< go on although recipe, code or data changed
  std::string cluster{};        ///< as given with --cluster, for the command that goes on; "" without
  std::string command = "run";  ///< the command that goes on: "taskonomy COMMAND RUN"
};

/// From --workers, --plugin-dir, --quiet, --format and --update. Throws a usage Error for what does not go
/// together.
[[nodiscard]] RunOptions read_run_options(const Values& values);

/// Takes the recipe to its taxonomy, or as far as `until` says, in its folder. Prints progress and the closing
/// lines. Throws Error for what is refused before the folder is touched, and as run_plan().
[[nodiscard]] base::ExitCode carry_out(const RunInput& input, const RunOptions& options);

}  // namespace taskonomy::cli
