// Guards around the code of plugins, which runs in the host's own process: whatever it changes there is put
// back, what it prints goes to standard error, and a crash or a hang is told with the plugin's name.
#pragma once

#include <csignal>
#include <iterator>
#include <memory>
#include <string>

namespace taskonomy::host {

/// Puts the state of the process back when it goes, so that the next plugin does not notice the last one.
/// Covers LibTorch's default type, number of threads, default CPU generator, gradient and inference mode and
/// other modes of this thread, deterministic algorithms, oneDNN; floating-point rounding and denormals;
/// locale, working folder, file mode mask, signal handlers and mask. Not covered: environment variables,
/// open files, threads and children, for which WorkerPool replaces workers. Takes about 0.05 ms. [in the
/// thread that made it]
class StateGuard {
 public:
  StateGuard();
  ~StateGuard();
  StateGuard(const StateGuard&) = delete;
  StateGuard& operator=(const StateGuard&) = delete;

 private:
  struct Torch;
  struct Process;
  std::unique_ptr<const Torch> torch_;
  std::unique_ptr<const Process> process_;
};

/// While it lives, what is printed on standard output goes to standard error: standard output is for this
/// program's answers (--json). Nests.
class PrintGuard {
 public:
  PrintGuard();
  ~PrintGuard();
  PrintGuard(const PrintGuard&) = delete;
  PrintGuard& operator=(const PrintGuard&) = delete;

 private:
  int before_;
};

/// Names the plugin when the process crashes while its static initialisers or its constructor run: no job is
/// there yet to blame. While it lives, a crash (invalid memory, instruction or arithmetic, abort), and a call
/// that lasts longer than `seconds`, ends the process with exit code 1 and a line on standard error that
/// begins "error: " and `plugin` (`task "normal" (PATH)`). At most one at a time in a process.
class CrashGuard {
 public:
  /// `seconds` = 0: no limit.
  explicit CrashGuard(const std::string& plugin, unsigned seconds = 0);
  ~CrashGuard();
  CrashGuard(const CrashGuard&) = delete;
  CrashGuard& operator=(const CrashGuard&) = delete;

 private:
  static constexpr int kSignals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGALRM};
  struct sigaction before_[std::size(kSignals)];
};

}  // namespace taskonomy::host
