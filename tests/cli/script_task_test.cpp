// A task without a compiler through the real program: made, checked, previewed, run; and its project made anew where this machine's
// Python can compile it.
#include <cstdlib>
#include <filesystem>
#include <string>

#include "core/base/files.hpp"
#include "tests/cli/binary.hpp"
#include "tests/cli/tiny_recipe.hpp"
#include "tests/support/testing.hpp"
#include "tests/support/text.hpp"

namespace fs = std::filesystem;
using namespace taskonomy::cli_test;
using taskonomy::base::read_file;
using taskonomy::tests::has;

TEST_CASE("tasks new --template script: made, checked, shown, looked at and run as any other task") {
  const Outcome made = program("tasks new near_wall --template script");
  REQUIRE(made.code == 0);
  CHECK(has(made.out, "  python3 make_task.py near_wall.py\n  taskonomy tasks check near_wall.task.toml\n"));
  const fs::path folder = fs::path(scratch()) / "near_wall";
  for (const char* name : {"README.md", "make_task.py", "near_wall.py", "near_wall.task.toml", "recipe.toml"})
    CHECK(fs::exists(folder / name));
  CHECK(std::distance(fs::directory_iterator(folder), fs::directory_iterator()) == 5);
  CHECK(has(read_file(folder / "near_wall.task.toml"), "title = \"Near wall\""));
  CHECK_FALSE(has(read_file(folder / "near_wall.py"), "my_task"));
  const std::string page = folder.string() + "/near_wall.task.toml", dir = " --plugin-dir " + folder.string();
  CHECK(has(program("tasks list" + dir).out, "How near each pixel is"));
  const Outcome unmade = program("tasks show near_wall" + dir);
  CHECK(unmade.code == 1);
  CHECK(has(unmade.err, "near_wall.pt is not there; make it: make_task.py "));

  const std::string make =
      "/usr/bin/python3 " + folder.string() + "/make_task.py " + folder.string() + "/near_wall.py";
  if (std::system("/usr/bin/python3 -c 'import torch' 2>/dev/null") != 0) {
    MESSAGE("skipped: /usr/bin/python3 has no PyTorch (Debian: python3-torch)");
    return;
  }
  REQUIRE(std::system((make + " >/dev/null").c_str()) == 0);
  const Outcome checked = program("tasks check " + page);
  INFO(checked.out);
  CHECK(checked.code == 0);
  CHECK(has(checked.out, "loss.gradcheck"));
  CHECK(has(program("tasks show near_wall" + dir).out, "needs"));
  const auto recipe =
      file("script_task.toml",
           tiny_recipe(
               {.tasks = {"near_wall", "normal"}, .source_steps = 6, .transfer_steps = 4, .orders = "[1]"}));
  CHECK(program("data preview " + recipe + dir + " --out " + scratch() + "/sheet.png").code == 0);
  const std::string run = "run " + recipe + " --out " + scratch() + "/scripted --workers 1" + dir;
  const Outcome ran = program(run);
  INFO(ran.err);
  REQUIRE(ran.code == 0);
  CHECK(has(read_file(scratch() + "/scripted/affinity.csv"), "normal,near_wall,"));
  CHECK(has(read_file(scratch() + "/scripted/metrics.csv"), "near_wall"));

  // Another label: its own jobs are made again.
  std::string source = read_file(folder / "near_wall.py");
  source.replace(source.find("2 / (1 + depth) - 1"), 19, "1 / (1 + depth) - 1");
  taskonomy::base::write_file(folder / "near_wall.py", source);
  REQUIRE(std::system((make + " >/dev/null").c_str()) == 0);
  const Outcome again = program(run);
  CHECK(again.code != 0);
  CHECK(has(again.err, "near_wall"));
}
