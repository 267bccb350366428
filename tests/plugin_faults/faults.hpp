// What plugins can do wrong, and what the host owes everybody else then. Each fault is met twice: by
// `taskonomy tasks check`, and by a run in which three sound tasks stand beside the plugin.
#pragma once

#include <string>
#include <vector>

namespace taskonomy::plugin_faults {

/// What `tasks check` says of a plugin with the fault.
enum class Check {
  finds,   ///< fails it: exit code 1
  passes,  ///< nothing against it: exit code 0
  either   ///< depends on the samples that it happens to look at
};

/// One misbehaviour.
struct Fault {
  std::string mode;  ///< of the task `faulty`; or the id of a plugin of its own, "static_exits"
  Check check = Check::finds;
  int run = 0;         ///< the run's exit code: 0, 1 (refused before anything begins) or 4 (some jobs failed)
  std::string said{};  ///< what the run says beside the plugin's name
  bool selected = false;  ///< in the selection that every test run affords
  /// Another exit code with which the run may end: chance decides whether the fault costs the plugin's own jobs.
  int or_run = -1;
};

[[nodiscard]] const std::vector<Fault>& faults();

/// Checks the plugin and runs it beside sound tasks, in folders of its own. Every deviation is a failure of
/// the test that calls: another exit code, a plugin that is not named, a file of the others that is missing or
/// has other bytes, a command that does not end.
void meet(const Fault& fault);

}  // namespace taskonomy::plugin_faults
