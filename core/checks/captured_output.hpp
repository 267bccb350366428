// What is written to standard output or error while an object lives.
#pragma once

#include <cstdint>
#include <string>

namespace taskonomy::checks {

/// Turns a file descriptor to a file in memory, and back at the end; what was written in between is gone from
/// the original. [one thread]
class CapturedOutput {
 public:
  /// descriptor: STDOUT_FILENO or STDERR_FILENO. Throws base::Error when the system does not let us.
  explicit CapturedOutput(int descriptor);
  ~CapturedOutput();
  CapturedOutput(const CapturedOutput&) = delete;
  CapturedOutput& operator=(const CapturedOutput&) = delete;

  /// Bytes written so far, buffers of C and C++ emptied first.
  [[nodiscard]] std::uint64_t size() const;
  /// The first `most` of them.
  [[nodiscard]] std::string text(std::size_t most = 200) const;

 private:
  int descriptor_ = -1;
  int original_ = -1;
  int memory_ = -1;
};

}  // namespace taskonomy::checks
