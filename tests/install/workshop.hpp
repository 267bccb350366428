// A folder of its own, far from the source tree, in which a stranger installs the program and builds a
// plugin.
#pragma once

#include <filesystem>
#include <string>

namespace taskonomy::install_test {

struct Outcome {
  int code = -1;     ///< exit code; 128 + signal when it was killed
  std::string text;  ///< stdout and stderr
};

/// Made when the first test needs it, removed at exit.
[[nodiscard]] const std::filesystem::path& workshop();

/// Runs a shell command in the workshop, with a home folder of its own and no plugin path from outside.
[[nodiscard]] Outcome shell(const std::string& command);

/// The installed program, in a prefix that was moved after `cmake --install`. Throws std::runtime_error with
/// the installer's output where that failed.
[[nodiscard]] const std::filesystem::path& moved_prefix();

/// Its bin/taskonomy, quoted for shell().
[[nodiscard]] std::string program();

/// Writes a file of the workshop and returns its path.
std::filesystem::path write(const std::string& name, const std::string& text);

}  // namespace taskonomy::install_test
