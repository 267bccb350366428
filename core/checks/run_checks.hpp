// Runs the checks of a plugin, several at once, each in a process of its own.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/checks/check_report.hpp"

namespace taskonomy::checks {

/// Which checks, and how.
struct CheckOptions {
  Level level = Level::full;
  std::vector<std::string> only;  ///< ids, or groups ("loss"); empty = all of the level
  bool in_process = false;        ///< one after the other in this process: for a debugger
  double time_limit = 20.0;       ///< seconds of processor time a check (ProcessLimits)
  double total_limit = 110.0;     ///< seconds on the clock for all; what is at work then ends as a timeout
  std::size_t at_once = 0;        ///< processes; 0 = one per core
  std::uint64_t seed = 1;         ///< that the plugin was opened with; for the report
  /// Whether to stop now, asked between two steps; what is not checked by then is not in the report.
  std::function<bool()> interrupted;
  /// Called for each result in the order of all_checks(), as soon as those before it are there.
  std::function<void(const CheckResult&)> on_result;
};

/// Throws a usage base::Error that suggests the nearest id when a name is that of no check and no group of such
/// plugins.
void require_known(const std::vector<std::string>& names, host::Kind kind = host::Kind::task);

/// Runs the chosen checks, and before them those that they need, which are reported only when they fail or cannot be
/// tried. A check is not tried when one that it needs failed or was not tried, when the plugin's file is no longer what
/// it was, and when the time of all is over: one cause is one line. Throws what require_known() throws.
[[nodiscard]] CheckReport run_checks(CheckedPlugin& plugin, const CheckOptions& options);

}  // namespace taskonomy::checks
