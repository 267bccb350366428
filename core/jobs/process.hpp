// Processes seen from outside: a worker's, started and spoken to; how one ended; and what one and its
// children hold, for the limits of workers and for what jobs leave behind.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace taskonomy::jobs {

/// A status of waitpid() in words: "crashed with SIGSEGV (Segmentation fault)", "ended with exit code 3".
[[nodiscard]] std::string end_in_words(int status);

struct ProcessUsage {
  /// Bytes that only this process tree holds: anonymous and shared memory in RAM or swapped out. Mapped
  /// files (examples, features, libraries) do not count, because the system drops their pages when it
  /// runs short; nor does address space that was reserved and never touched, of which LibTorch takes
  /// several times what it uses.
  std::uint64_t memory = 0;
  /// Seconds that processors worked for this process tree, for what it has waited for (waitpid) too, in steps
  /// of 0.01. Only these tell how much a process did on a machine that is busy with others.
  double processor_seconds = 0.0;
  std::size_t threads = 0;  ///< of the process itself
  std::size_t children = 0;
};

/// All zeros when the process is gone. About 0.1 ms. [any thread]
[[nodiscard]] ProcessUsage usage_of(pid_t process);

/// How long something may take. What counts is processor time, so that a busy or slow machine ends nothing that
/// is sound; what sleeps for ever takes none, and is ended by the clock, far later.
struct TimeLimit {
  double processor_seconds = 0.0;

  /// Ten times as much, but at most a day more.
  [[nodiscard]] double clock_seconds() const;
  /// Why something that took so much is to be stopped: "took more than 20 s of processor time and was stopped",
  /// "did not end within 3 min 20 s (0 s of them at work) and was stopped"; nothing while it may go on.
  [[nodiscard]] std::optional<std::string> exceeded_by(double processor, double clock) const;
};

/// From now on this process cannot allocate more than `bytes` beyond what it has: allocations fail then. For
/// a job that is repeated by hand, where no pool watches and a debugger shows who asked for the memory.
void limit_own_memory(std::uint64_t bytes);

/// Which variables a process finds in its environment.
enum class Environment {
  plugins,  ///< plugin_environment()
  whole     ///< those of this process
};

/// Where the standard descriptors of a new process lead.
struct StandardFiles {
  int input = -1, output = -1, errors = -1;
};

/// Starts a program in a process group of its own, with default signals. `variables`, "NAME=VALUE", count more than
/// those of the environment. Throws Error when it cannot be started.
[[nodiscard]] pid_t start_process(const std::vector<std::string>& command, const StandardFiles& files,
                                  Environment environment, const std::vector<std::string>& variables = {});

/// One worker: a child process, started by posix_spawn in a process group of its own, spoken to over a socket
/// and two pipes, and ended with its whole group. Not started twice.
class WorkerProcess {
 public:
  /// `variables`: as start_process(). Throws Error when the program cannot be started.
  explicit WorkerProcess(const std::vector<std::string>& command,
                         const std::vector<std::string>& variables = {});
  /// Ends the process and all that it started, and waits for it.
  ~WorkerProcess();
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;

  [[nodiscard]] pid_t pid() const { return pid_; }
  /// Descriptors to poll for reading; -1 after their end was seen.
  [[nodiscard]] int output() const { return output_.descriptor; }
  [[nodiscard]] int errors() const { return errors_.descriptor; }
  /// Sends a line; false when the process no longer listens.
  [[nodiscard]] bool send(const std::string& line) const;
  /// Whole lines that have come since the last call, without waiting.
  [[nodiscard]] std::vector<std::string> read_output() { return output_.lines(); }
  [[nodiscard]] std::vector<std::string> read_errors() { return errors_.lines(); }
  /// Kills the process group at once.
  void kill() const;
  /// How it ended, in words: "crashed with SIGSEGV (Segmentation fault)", "ended with exit code 3";
  /// nothing while it runs.
  [[nodiscard]] std::optional<std::string> ended();

 private:
  struct Stream {
    int descriptor = -1;
    std::string pending;  ///< the beginning of a line
    std::vector<std::string> lines();
  };
  pid_t pid_ = -1;
  int input_ = -1;
  Stream output_, errors_;
  std::optional<std::string> ended_;
};

}  // namespace taskonomy::jobs
