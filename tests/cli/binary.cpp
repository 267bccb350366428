#include "tests/cli/binary.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "core/base/files.hpp"
#include "tests/support/testing.hpp"

namespace taskonomy::cli_test {

namespace fs = std::filesystem;

namespace {

/// A folder that goes when the tests end.
struct Scratch {
  std::string path = (fs::temp_directory_path() / ("taskonomy-cli-" + std::to_string(getpid()))).string();
  Scratch() { fs::create_directories(path); }
  ~Scratch() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
};

}  // namespace

const std::string& scratch() {
  static const Scratch folder;
  return folder.path;
}

std::string file(const std::string& name, const std::string& text) {
  const std::string path = scratch() + "/" + name;
  base::write_file(path, text);
  return path;
}

Outcome program(const std::string& arguments, const std::string& before) {
  const std::string out = scratch() + "/stdout";
  const std::string err = scratch() + "/stderr";
  const std::string command = "cd '" + scratch() + "' && " + before + "'" + TASKONOMY_BINARY_DIR +
                              "/bin/taskonomy' " + arguments + " >'" + out + "' 2>'" + err + "' </dev/null";
  const int status = std::system(command.c_str());
  Outcome outcome;
  outcome.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  outcome.out = base::read_file(out);
  outcome.err = base::read_file(err);
  return outcome;
}

void refused(const std::string& arguments, int code, const std::string& text) {
  const auto outcome = program(arguments);
  INFO(arguments);
  INFO(outcome.err);
  CHECK(outcome.code == code);
  CHECK(outcome.out.empty());
  CHECK(outcome.err.rfind("error: ", 0) == 0);
  CHECK(outcome.err.find(text) != std::string::npos);
}

}  // namespace taskonomy::cli_test
