// Runs the real program and keeps what it said.
#pragma once

#include <string>

namespace taskonomy::cli_test {

struct Outcome {
  int code = -1;  ///< exit code; 128 + signal when it was killed
  std::string out;
  std::string err;
};

/// Runs `taskonomy ARGUMENTS` in a shell, in a scratch folder of this process. `before`: "NAME=VALUE " for it alone.
[[nodiscard]] Outcome program(const std::string& arguments, const std::string& before = "");
/// The scratch folder, made on first use, removed at exit.
[[nodiscard]] const std::string& scratch();
/// Writes a file into the scratch folder and returns its path.
std::string file(const std::string& name, const std::string& text);

/// Ends with this exit code, prints nothing on stdout, and says `text` on stderr after "error: ".
void refused(const std::string& arguments, int code, const std::string& text);

/// The authors' affinities.
inline const std::string kPublished = TASKONOMY_SOURCE_DIR "/share/published/taskonomy-16k.csv";
/// The build folder.
inline const std::string kBuild = TASKONOMY_BINARY_DIR;
/// The folder of the task plugins that misbehave at run time.
inline const std::string kFixtures = kBuild + "/fixtures/taskonomy";

}  // namespace taskonomy::cli_test
