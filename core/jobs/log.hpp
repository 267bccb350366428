// RUN/log: what happened in a run and what its workers printed, with the time.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>

namespace taskonomy::jobs {

/// The run's log file. A log that cannot be written never stops a run: a full disk shows elsewhere.
class RunLog {
 public:
  /// Opens the file to append to it. Lines are dropped when it cannot be opened.
  explicit RunLog(const std::filesystem::path& file);
  /// Appends one line, "2026-03-01 12:34:56 worker 3: text", and flushes it, so that it survives a crash.
  /// `who` is "run" or "worker 3". Local time.
  void write(const std::string& who, const std::string& text);

 private:
  std::ofstream file_;
};

}  // namespace taskonomy::jobs
