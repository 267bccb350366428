// RUN/log: what happened and what workers printed, with the time. A log that cannot be written never stops a
// run.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

namespace taskonomy::jobs {

class RunLog {
 public:
  /// Appends to the file.
  explicit RunLog(const std::filesystem::path& file);
  ~RunLog();
  RunLog(const RunLog&) = delete;
  RunLog& operator=(const RunLog&) = delete;
  /// One line; `who` is "run" or "worker 3".
  void write(const std::string& who, const std::string& text);

 private:
  struct Sink;
  std::unique_ptr<Sink> sink_;
};

}  // namespace taskonomy::jobs
