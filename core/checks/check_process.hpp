// One check in a process of its own: a copy of this one, made while no plugin is loaded in it; and the
// folder in which it runs. A copy costs milliseconds, where a new program would load LibTorch for half
// a second each time.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "core/checks/check_report.hpp"

namespace taskonomy::checks {

/// Makes `folder` the current folder while the object lives, creating it where it is missing.
class CurrentFolder {
 public:
  explicit CurrentFolder(const std::filesystem::path& folder);
  ~CurrentFolder();
  CurrentFolder(const CurrentFolder&) = delete;
  CurrentFolder& operator=(const CurrentFolder&) = delete;

 private:
  std::filesystem::path before_;
};

/// How long a check's process may take, and where it lives.
struct ProcessLimits {
  /// Of processor time (jobs::TimeLimit), or on the clock without any work in between: what sleeps so long on
  /// nothing that others use will not wake.
  double seconds = 20.0;
  std::filesystem::path folder{};  ///< its current, home and temporary folder; must be there
};

/// How a check ended.
struct Ending {
  Verdict verdict = Verdict::crash;
  std::string reason;
  std::string output;  ///< the end of what it printed
  double seconds = 0.0;
};

/// A running check. The check and all processes that it started end when the object dies. [one thread]
class CheckProcess {
 public:
  /// Copies this process, in which only one thread may be at work, and runs body in the copy. Throws
  /// base::Error when the system does not let us.
  CheckProcess(const std::function<Finding()>& body, const ProcessLimits& limits);
  ~CheckProcess();
  CheckProcess(const CheckProcess&) = delete;
  CheckProcess& operator=(const CheckProcess&) = delete;

  /// For poll(): readable when the check has something to say, or has ended. -1: closed.
  [[nodiscard]] int finding_descriptor() const { return finding_.descriptor; }
  [[nodiscard]] int output_descriptor() const { return output_.descriptor; }
  /// Takes in what came. Returns nothing while the check runs. Stops the check when its time is over.
  [[nodiscard]] std::optional<Ending> look();

 private:
  /// The reading end of a pipe, and the last bytes that came out of it.
  struct Stream {
    int descriptor = -1;
    std::string text{};
    void read();
  };
  [[nodiscard]] Ending ending(int status, double seconds) const;

  pid_t pid_ = -1;
  ProcessLimits limits_;
  std::chrono::steady_clock::time_point begin_;
  Stream finding_, output_;
  bool ended_ = false;
  double worked_ = 0.0;        ///< processor time when last seen at work
  double worked_until_ = 0.0;  ///< and seconds since begin_
};

}  // namespace taskonomy::checks
