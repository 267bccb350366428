// The commands' functions, each in its own file <name>_command.cpp. Results go to stdout, messages to stderr.
#pragma once

#include <string>
#include <vector>

#include "core/base/error.hpp"

namespace taskonomy::cli {

/// How a run stands, from its folder alone.
[[nodiscard]] base::ExitCode status(const std::vector<std::string>& args);

/// Step IV alone: the best taxonomy of an affinity table under a budget.
[[nodiscard]] base::ExitCode solve(const std::vector<std::string>& args);

}  // namespace taskonomy::cli
