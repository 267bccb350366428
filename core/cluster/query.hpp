// Questions to a program that may take its time, fail, or never answer.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "core/cluster/clock.hpp"

namespace taskonomy::cluster {

/// What a program said.
struct Answer {
  bool good = false;  ///< it ended with exit code 0 in time
  std::string text;   ///< standard output
  std::string error;  ///< why it is not good: what it printed to standard error, or that it did not end
};

/// A program that runs beside this one. Ends it when the object dies. [one thread]
class Query {
 public:
  /// Starts `command`, found on the path, with `input` for it to read. It is ended after `limit` seconds.
  Query(const std::vector<std::string>& command, const std::string& input, double limit);
  ~Query();
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;
  /// The answer, once it is there.
  [[nodiscard]] std::optional<Answer> answer();

 private:
  pid_t process_ = -1;
  int output_ = -1, errors_ = -1;
  double limit_;
  Clock::time_point begin_ = Clock::now();
};

/// Waits for it.
[[nodiscard]] Answer ask(const std::vector<std::string>& command, const std::string& input, double limit);

}  // namespace taskonomy::cluster
