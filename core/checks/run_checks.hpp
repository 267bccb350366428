// Runs the checks of a plugin, several at once, each in a process of its own.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/checks/result.hpp"

namespace taskonomy::checks {

/// Which checks, and how.
struct RunOptions {
  Level level = Level::full;
  std::vector<std::string> only;                 ///< ids, or groups ("loss"); empty = all of the level
  bool in_process = false;                       ///< one after the other in this process: for a debugger
  double time_limit = 20.0;                      ///< seconds a check
  std::size_t at_once = 0;                       ///< processes; 0 = one per core
  std::uint64_t seed = 1;                        ///< for the report
  std::function<void(const Result&)> on_result;  ///< called in the order of all_checks(), as soon as may be
};

/// Throws a usage base::Error naming the nearest id where a name is that of no check and no group.
void require_known(const std::vector<std::string>& names);

/// Runs the chosen checks, and first those that they need; of the latter only those that fail are reported.
/// A check whose needs are not met is skipped, naming them. Throws what require_known() throws.
[[nodiscard]] Report run_checks(Plugin& plugin, const RunOptions& options);

}  // namespace taskonomy::checks
