// The contract of a plugin as a list of checks. Those on the file, on loading and on manners are here; those
// on the task's own promises (spec, label, loss, decoder) are the SDK's, which authors also run by themselves
// (taskonomy/sdk/testing.hpp).
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <taskonomy/sdk/testing.hpp>

#include "core/checks/plugin.hpp"

namespace taskonomy::checks {

using sdk::testing::Finding;
using sdk::testing::Level;
using sdk::testing::Outcome;

/// One promise of a plugin.
struct Check {
  std::string id;        ///< "manners.stdout": group and name
  std::string contract;  ///< one sentence: what must hold, and why it matters
  std::string hint;      ///< how it is usually mended
  Level level = Level::full;
  /// Ids of checks without which this one would only repeat their failure; they stand before it in the list.
  std::vector<std::string> needs;
  /// Runs in a process and an empty folder of its own, single-threaded. What it throws is a failure.
  std::function<Finding(Plugin& plugin)> run;
};

/// What a check says that looked for `problems` while a task was exercised: a failure with all of them; else
/// a skip where the exercise ended early, for the reason given; else a pass.
[[nodiscard]] Finding found(const std::vector<std::string>& problems, const std::string& ended_early = "");

/// "loss" of "loss.batch_independent".
[[nodiscard]] std::string group_of(const std::string& check_id);

/// All checks of a task plugin, by group: file, load, spec, label, loss, decoder, manners.
[[nodiscard]] const std::vector<Check>& all_checks();

/// The file, before any of its code runs.
[[nodiscard]] std::vector<Check> file_checks();
/// Loading, making, destroying.
[[nodiscard]] std::vector<Check> load_checks();
/// What a task does to the process that it is a guest of.
[[nodiscard]] std::vector<Check> manners_checks();
/// Those of manners about state that belongs to the whole process or thread.
[[nodiscard]] std::vector<Check> global_state_checks();

}  // namespace taskonomy::checks
