// Commands on a terminal of their own, and a person who reads and types there.
#pragma once

#include <sys/types.h>

#include <string>

namespace taskonomy::cli_test {

/// A shell command on a terminal, from when it is made until it has ended or this goes.
class Terminal {
 public:
  explicit Terminal(const std::string& command, unsigned short columns = 100);
  ~Terminal();  ///< kills what has not ended
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;
  /// Reads until this text has been shown, or the command has ended; whether it has been shown.
  [[nodiscard]] bool shows(const std::string& text);
  /// Presses keys: "\x03" is Ctrl-C, "\n" Enter.
  void type(const std::string& keys);
  /// Waits for the end of the command. All that was shown, without carriage returns.
  [[nodiscard]] std::string rest();

 private:
  /// Reads what there is, for a moment; false: nothing, and the command has ended.
  bool read_more();
  pid_t pid_ = -1;
  int terminal_ = -1;
  int side_ = -1;  // the command's: once nobody holds it, a terminal may drop what was not read
  bool ended_ = false;
  std::string shown_;
};

}  // namespace taskonomy::cli_test
