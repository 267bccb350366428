// A name for the crash of a plugin that is loaded into this very process, where nobody outside can tell whose
// code it was.
#pragma once

#include <csignal>
#include <iterator>
#include <string>

namespace taskonomy::host {

/// While it lives, a crash of the process (invalid memory, instruction or arithmetic, abort), and a call that
/// lasts longer than `seconds`, ends the process with exit code 1 and a line on standard error that says so
/// of `plugin` (`task "normal" (PATH)`): for static initialisers and constructors, which run before a job is
/// there to blame. At most one at a time in a process.
class CrashNote {
 public:
  /// `seconds` = 0: no limit.
  explicit CrashNote(const std::string& plugin, unsigned seconds = 0);
  ~CrashNote();
  CrashNote(const CrashNote&) = delete;
  CrashNote& operator=(const CrashNote&) = delete;

 private:
  static constexpr int kSignals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGALRM};
  struct sigaction before_[std::size(kSignals)];
};

}  // namespace taskonomy::host
