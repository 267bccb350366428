// The commands' functions, each in its own file <name>_command.cpp. Results go to stdout, messages to stderr.
#pragma once

#include <string>
#include <vector>

#include "core/base/error.hpp"

namespace taskonomy::cli {

/// How a run stands, from its folder alone.
[[nodiscard]] base::ExitCode status(const std::vector<std::string>& args);

}  // namespace taskonomy::cli
