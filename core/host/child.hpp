// Copies of this process (fork), in which plugins are made and asked: an exit(), a crash or a hang there ends the
// copy alone, and this process says which plugin it was.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "core/base/error.hpp"

namespace taskonomy::host {

/// How long a copy may take. 0: no limit.
struct ChildLimit {
  double processor_seconds = 0.0;  ///< what a loop without end takes
  double idle_seconds = 0.0;       ///< on the clock without any processor time: what sleeps without end
};

/// What a plugin did to the copy in which it was made; nothing that other parameters or data would change.
class ChildFault : public base::Error {
 public:
  using base::Error::Error;
};

/// One line on the terminal that says what is waited for and how long: "task "x" (PATH): being made for 3 s". Nothing
/// in the first second, nor where no person looks; gone when the object dies.
class WaitingLine {
 public:
  explicit WaitingLine(std::string doing);
  ~WaitingLine();
  WaitingLine(const WaitingLine&) = delete;
  WaitingLine& operator=(const WaitingLine&) = delete;
  /// To be called again and again.
  void show();

 private:
  std::string doing_;
  bool terminal_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  int shown_ = 0;
};

/// A copy of this process in a process group of its own. Ends with all that it started when the object dies, and
/// when this process does. [one thread]
class Child {
 public:
  /// Runs `body` in the copy, then _exit(0): nothing that was registered for the end of this program runs there.
  /// There the standard input is empty, signals do what they usually do, LibTorch has one thread, and variables of the
  /// environment that plugins do not need are gone (jobs/environment.hpp). Throws
  /// base::Error when the system has no room for another process.
  explicit Child(const std::function<void()>& body);
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  /// Whether it has ended, without waiting.
  [[nodiscard]] bool ended();
  /// Waits for the end, with a WaitingLine; false when the limit came first.
  [[nodiscard]] bool wait(const ChildLimit& limit, const std::string& doing);
  /// [ended()] " crashed with SIGSEGV", " ended the process with exit code 0".
  [[nodiscard]] std::string end_in_words() const;

 private:
  pid_t pid_ = -1;
  int status_ = 0;
  bool ended_ = false;
};

/// What a copy made of a plugin, and what this process wants to know of it.
struct Made {
  std::shared_ptr<void> object;  ///< is destroyed in the copy
  std::string answer;
};

/// Calls `make` in a copy of this process, destroys there what it made, and returns its answer. An exception of
/// `make` is thrown here as base::Error with the same message. Throws ChildFault that begins with `plugin`
/// (`task "normal" (PATH)`) when the copy crashed, ended, hung or closed descriptors that were not its own. Takes
/// some milliseconds beside what `make` takes.
[[nodiscard]] std::string ask_in_child(const std::string& plugin, const ChildLimit& limit,
                                       const std::function<Made()>& make);

/// Calls `compute`, a call into the function `function` of a plugin, in a copy of this process and returns its answer.
/// Throws base::Error with the same message for an exception, and ChildFault that begins with `function`
/// ("measure crashed with SIGSEGV") when the copy ended, hung or closed descriptors that were not its own. A copy
/// takes some milliseconds and knows no GPU.
[[nodiscard]] std::string compute_in_child(const std::string& function, const ChildLimit& limit,
                                           const std::function<std::string()>& compute);

/// Goes on with a command in a copy of this process and returns its exit code: in the copy, which shall end with it
/// as this process would have, and here, once the copy has ended. What the command throws, it throws in the copy
/// alone. Throws base::Error here when the copy ended in the middle of the command, naming the plugin that was at
/// work (boundary.hpp). For commands that let plugins make labels or read samples.
[[nodiscard]] base::ExitCode go_on_in_child(const std::function<base::ExitCode()>& command);

}  // namespace taskonomy::host
