// Whole runs of the real program on a handful of small rooms: same result whatever happens.
#include <cstdlib>
#include <filesystem>
#include <string>

#include "core/base/files.hpp"
#include "tests/cli/binary.hpp"
#include "tests/cli/tiny_recipe.hpp"
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

/// kill -9 of the program after so many seconds; its workers end with it. Whether it was still running then.
bool run_and_kill(const std::string& recipe_file, const std::string& folder, const std::string& seconds) {
  const std::string command = "timeout -s KILL " + seconds + " " TASKONOMY_BINARY_DIR "/bin/taskonomy run " +
                              recipe_file + " --out " + folder + " --workers 2 --quiet >/dev/null 2>&1";
  return std::system(command.c_str()) != 0;
}

}  // namespace

TEST_CASE("1, 2 and 3 workers, the host process, and runs killed three times give the same bytes") {
  const auto tiny = file("tiny.toml", tiny_recipe());
  const auto folder = [](const std::string& name) { return scratch() + "/" + name; };
  REQUIRE(run(tiny, folder("one"), "--workers 1").code == 0);
  const auto expected = read_file(folder("one") + "/affinity.csv");
  CHECK(has(expected, "sources,target,affinity,gain,quality\n"));
  for (const std::string workers : {"0", "2", "3"}) {
    REQUIRE(run(tiny, folder("w" + workers), "--workers " + workers).code == 0);
    CHECK_MESSAGE(read_file(folder("w" + workers) + "/affinity.csv") == expected, workers, " workers");
  }

  int killed = 0;
  for (const std::string seconds : {"1.2", "1.4", "1.6"})
    killed += run_and_kill(tiny, folder("killed"), seconds);
  REQUIRE_MESSAGE(killed >= 2, "the run was over before it could be killed");
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
          "tournaments/normal.csv", "losses/normal/_self.safetensors"})
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
