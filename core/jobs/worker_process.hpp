// One worker process: started by posix_spawn, spoken to over a socket and two pipes, ended with its whole
// group.
#pragma once

#include <sys/types.h>

#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace taskonomy::jobs {

/// A child process with its standard input, output and error in our hands. Not started twice.
class WorkerProcess {
 public:
  /// Throws Error when the program cannot be started.
  explicit WorkerProcess(const std::vector<std::string>& command);
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
  /// How it ended, in words: "crashed with SIGSEGV (Segmentation fault)", "ended with exit code 3"; nothing
  /// while it runs.
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
