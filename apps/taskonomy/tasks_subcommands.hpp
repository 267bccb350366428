// `taskonomy tasks ...`: those subcommands that have a file of their own.
#pragma once

#include <string>
#include <vector>

#include "core/base/error.hpp"

namespace taskonomy::cli {

/// Tries a task plugin against the contract. Exit codes of its own: 0 kept, 1 not kept, 2 nothing checked.
[[nodiscard]] base::ExitCode tasks_check(const std::vector<std::string>& args);

}  // namespace taskonomy::cli
