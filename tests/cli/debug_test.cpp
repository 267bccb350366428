// `tasks debug` and `sdk workflow`: what is started or printed.
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "core/base/files.hpp"
#include "tests/cli/binary.hpp"
#include "tests/support/testing.hpp"
#include "tests/support/text.hpp"

namespace fs = std::filesystem;
using namespace taskonomy::cli_test;
using taskonomy::tests::has;

namespace {

/// Puts a gdb that prints its arguments first into PATH, or an empty folder alone.
class SearchPath {
 public:
  explicit SearchPath(bool with_gdb) : before_(std::getenv("PATH")) {
    const fs::path folder = fs::path(scratch()) / (with_gdb ? "with_gdb" : "without_gdb");
    fs::create_directories(folder);
    if (with_gdb) {
      taskonomy::base::write_file(folder / "gdb", "#!/bin/sh\necho \"gdb got $*\"\nexit 7\n");
      ::chmod((folder / "gdb").c_str(), 0755);
    }
    ::setenv("PATH", (folder.string() + (with_gdb ? ":" + before_ : "")).c_str(), 1);
  }
  ~SearchPath() { ::setenv("PATH", before_.c_str(), 1); }
  SearchPath(const SearchPath&) = delete;
  SearchPath& operator=(const SearchPath&) = delete;

 private:
  std::string before_;
};

}  // namespace

TEST_CASE("tasks debug starts gdb with one check or one job in one process") {
  const SearchPath path(true);
  const Outcome check = program("tasks debug normal --check loss.gradcheck --set radius=3");
  CHECK(check.code == 7);  // gdb's own: it takes the program's place
  CHECK(has(check.out, "gdb got -q -ex set breakpoint pending on -ex run --args " + kBuild +
                           "/bin/taskonomy "
                           "tasks check normal --in-process --only loss.gradcheck --set radius=3"));
  const Outcome job = program("tasks debug normal --run runs/x --job source/normal --throws");
  CHECK(has(job.out,
            "-ex catch throw -ex run --args " + kBuild + "/bin/taskonomy worker runs/x --job source/normal"));
}

TEST_CASE("tasks debug prints the line to type where it is asked to, and where there is no gdb") {
  {
    const SearchPath path(true);
    const Outcome printed = program("tasks debug 'my file.so' --print");
    CHECK(printed.code == 0);
    CHECK(has(printed.out, "-ex 'set breakpoint pending on'"));
    CHECK(has(printed.out, "'my file.so' --in-process\n"));
  }
  const SearchPath path(false);
  const Outcome without = program("tasks debug normal");
  CHECK(without.code == 1);
  CHECK(has(without.err, "gdb is not here"));
  CHECK(has(without.out, "tasks check normal --in-process\n"));
}

TEST_CASE("tasks debug refuses a job without its run, and a check beside a job") {
  refused("tasks debug normal --job source/normal", 2, "--run RUN and --job JOB belong together");
  refused("tasks debug normal --run r --job j --check loss", 2, "--check and --set are for a check");
}

TEST_CASE("sdk workflow prints steps that a shell understands") {
  const Outcome workflow = program("sdk workflow");
  CHECK(workflow.code == 0);
  CHECK(has(workflow.out, "taskonomy tasks check \"$task\" --junit"));
  CHECK(has(workflow.out, "cmake -G Ninja -S . -B build -DCMAKE_PREFIX_PATH=\"$(taskonomy sdk prefix)\""));
  CHECK_FALSE(has(workflow.out, "\t"));  // YAML has none
  // The bodies of `run: |`, which are indented by ten blanks.
  std::string script;
  bool body = false;
  std::size_t begin = 0;
  while (begin < workflow.out.size()) {
    const auto end = workflow.out.find('\n', begin);
    const std::string line = workflow.out.substr(begin, end - begin);
    begin = end + 1;
    if (has(line, "run: |")) {
      body = true;
    } else if (!line.starts_with("          ")) {
      body = false;
    } else if (body) {
      script += line + "\n";
    }
  }
  CHECK(has(script, "apt-get update"));
  CHECK(std::system(("sh -n '" + file("workflow.sh", script) + "'").c_str()) == 0);
}
