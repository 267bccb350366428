// Whole runs of the real program on a handful of small rooms: same result whatever happens.
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <string>

#include "core/base/files.hpp"
#include "tests/cli/binary.hpp"
#include "tests/cli/tiny_recipe.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/testing.hpp"
#include "tests/support/text.hpp"

namespace {

namespace fs = std::filesystem;
using taskonomy::base::read_file;
using taskonomy::cli_test::file;
using taskonomy::cli_test::Outcome;
using taskonomy::cli_test::program;
using taskonomy::cli_test::scratch;
using taskonomy::cli_test::tiny_recipe;
using taskonomy::tests::has;

Outcome run(const std::string& recipe_file, const std::string& folder, const std::string& options) {
  return program("run " + recipe_file + " --out " + folder + " " + options);
}

bool has_record(const std::string& folder, const std::string& stage) {
  if (!fs::exists(folder + "/jobs")) return false;
  for (const auto& entry : fs::directory_iterator(folder + "/jobs"))
    if (entry.path().filename().string().rfind(stage + ".", 0) == 0) return true;
  return false;
}

/// Runs a recipe and kills the program with kill -9 as soon as a job of the stage is done; its workers end with it.
void run_and_kill(const std::string& recipe_file, const std::string& folder, const std::string& stage) {
  const pid_t pid = ::fork();
  if (pid == 0) {
    const int nothing = ::open("/dev/null", O_RDWR);
    for (const int descriptor : {0, 1, 2}) ::dup2(nothing, descriptor);
    const char* const binary = TASKONOMY_BINARY_DIR "/bin/taskonomy";
    ::execl(binary, binary, "run", recipe_file.c_str(), "--out", folder.c_str(), "--workers", "2", nullptr);
    ::_exit(127);
  }
  siginfo_t end{};
  REQUIRE(taskonomy::tests::eventually([&] {
    ::waitid(P_PID, static_cast<id_t>(pid), &end, WEXITED | WNOHANG | WNOWAIT);
    return end.si_pid == pid || has_record(folder, stage);
  }));
  ::kill(pid, SIGKILL);
  int status = 0;
  ::waitpid(pid, &status, 0);
  CHECK_MESSAGE((WIFSIGNALED(status) || has_record(folder, stage)), "status ", status);
}

}  // namespace

TEST_CASE(
    "1 and 3 workers, the host process, and a run of 2 that was killed three times give the same bytes") {
  const auto tiny = file("tiny.toml", tiny_recipe());
  const auto folder = [](const std::string& name) { return scratch() + "/" + name; };
  REQUIRE(run(tiny, folder("one"), "--workers 1").code == 0);
  const auto expected = read_file(folder("one") + "/affinity.csv");
  CHECK(has(expected, "sources,target,affinity,gain,quality\n"));
  for (const std::string workers : {"0", "3"}) {
    REQUIRE(run(tiny, folder("w" + workers), "--workers " + workers).code == 0);
    CHECK_MESSAGE(read_file(folder("w" + workers) + "/affinity.csv") == expected, workers, " workers");
  }

  for (const std::string stage : {"examples", "source", "transfer"})
    run_and_kill(tiny, folder("killed"), stage);
  const Outcome resumed = run(tiny, folder("killed"), "--workers 2");
  CHECK(resumed.code == 0);
  CHECK(read_file(folder("killed") + "/affinity.csv") == expected);

  {  // a run that is done does nothing again, and its parts are all there
    const auto stamp = fs::last_write_time(folder("one") + "/sources/normal.safetensors");
    const Outcome again = run(tiny, folder("one"), "");
    CHECK(again.code == 0);
    CHECK(fs::last_write_time(folder("one") + "/sources/normal.safetensors") == stamp);
    for (const std::string part :
         {"recipe.toml", "manifest.json", "summary.txt", "taxonomy.json", "affinity.svg", "log",
          "tournaments/normal.csv", "losses/normal/_self.safetensors", "pictures/normal/0-scratch.png"})
      CHECK_MESSAGE(fs::exists(folder("one") + "/" + part), part);
    CHECK(program("status " + folder("one")).code == 0);
    CHECK(program("solve " + folder("one") + " --budget 2").code == 0);
  }
  {  // a lost artefact is made again, with the same result
    fs::remove(folder("one") + "/features/normal/single.safetensors");
    CHECK(run(tiny, folder("one"), "").code == 0);
    CHECK(read_file(folder("one") + "/affinity.csv") == expected);
  }
  {  // the folder of another recipe is refused with the keys that differ
    const Outcome other = run(tiny, folder("one"), "--set source.steps=5");
    CHECK(other.code == 1);
    CHECK(has(other.err, "steps"));
    CHECK(read_file(folder("one") + "/affinity.csv") == expected);
  }
}

TEST_CASE("an image side that does not fit the encoder is refused before anything is made") {
  const auto needs = file("side.toml", tiny_recipe());
  const Outcome outcome = run(needs, scratch() + "/side", "--set data.side=20");
  CHECK(outcome.code == 1);
  CHECK(has(outcome.err, "20 pixels do not fit"));
  CHECK_FALSE(fs::exists(scratch() + "/side"));
}
