// What the command line is made of: one table of commands feeds dispatch, help and the suggestions for typing
// errors.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/base/error.hpp"

namespace taskonomy::cli {

/// One command. `run` gets what stands behind the command's name, prints its result to stdout and throws
/// base::Error for what a person can mend; it answers {"--help"} with its full help on stdout (options.hpp
/// does that).
struct Command {
  std::string name;
  std::string arguments;  ///< as in "TABLE|RUN [--budget B]"
  std::string help;       ///< one line
  std::function<base::ExitCode(const std::vector<std::string>& args)> run;
};

/// All commands in the order of the help text (commands.cpp).
[[nodiscard]] const std::vector<Command>& commands();

}  // namespace taskonomy::cli
