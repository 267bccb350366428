// The first making of a plugin, in a child process: an exit(), a crash or a hang there ends the child alone, and
// the plugin is refused by name before anything else begins.
#pragma once

#include <functional>
#include <memory>
#include <string>

namespace taskonomy::host {

/// How long a trial may take. 0: no limit.
struct TrialLimit {
  double processor_seconds = 0.0;  ///< what a loop without end takes
  double clock_seconds =
      0.0;  ///< what sleeps without end takes; three times as much leaves a busy machine time
};

/// Calls `make` in a copy of this process and destroys there what it returns. Throws base::Error that begins with
/// `plugin` (`task "normal" (PATH)`) when the copy crashed, ended, hung or closed descriptors that were not its
/// own. An exception that `make` throws is no failure of the trial: the caller meets it again. A trial that lasts
/// longer than a second shows a moving line on the terminal. Takes some milliseconds beside what `make` takes.
void try_in_child(const std::string& plugin, const TrialLimit& limit,
                  const std::function<std::shared_ptr<void>()>& make);

}  // namespace taskonomy::host
