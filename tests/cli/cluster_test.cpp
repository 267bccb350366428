// A run whose jobs are done by pilots: agents of the program behind a launch command.
#include <filesystem>
#include <string>

#include "core/base/files.hpp"
#include "tests/cli/binary.hpp"
#include "tests/cli/terminal.hpp"
#include "tests/cli/tiny_recipe.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/slurm.hpp"
#include "tests/support/testing.hpp"
#include "tests/support/text.hpp"

namespace {

namespace fs = std::filesystem;
using taskonomy::base::read_file;
using taskonomy::cli_test::file;
using taskonomy::cli_test::kBuild;
using taskonomy::cli_test::program;
using taskonomy::cli_test::scratch;
using taskonomy::cli_test::Terminal;
using taskonomy::cli_test::tiny_recipe;
using taskonomy::tests::eventually;
using taskonomy::tests::has;
using taskonomy::tests::Slurm;

const std::string kFewJobs = tiny_recipe({.tasks = {"edge_texture", "depth_zbuffer", "random"},
                                          .rooms = 12,
                                          .views_per_room = 2,
                                          .source_steps = 10,
                                          .transfer_steps = 6,
                                          .orders = "[1]"});

}  // namespace

TEST_CASE("over two pilots that read copies on their own disk a run leaves the same bytes as alone") {
  const std::string recipe = file("pilots.toml", kFewJobs);
  const std::string alone = scratch() + "/alone", shared = scratch() + "/shared", disk = scratch() + "/disk";
  const auto by_itself = program("run " + recipe + " --workers 0 --out " + alone);
  REQUIRE_MESSAGE(by_itself.code == 0, by_itself.err);
  const std::string cluster = file("cluster.toml", "[cluster]\nlaunch = \"env DISK=" + disk +
                                                       "\"\npilots = 2\nworkers = 1\ncopies = \"$DISK\"\n");
  const auto over_pilots = program("run " + recipe + " --cluster " + cluster + " --out " + shared);
  REQUIRE_MESSAGE(over_pilots.code == 0, over_pilots.err);
  CHECK_MESSAGE(has(over_pilots.err, "pilot 1 on "), over_pilots.err);
  for (const auto* name : {"affinity.csv", "taxonomy.json", "sources/depth_zbuffer.safetensors"})
    CHECK_MESSAGE(read_file(alone + "/" + name) == read_file(shared + "/" + name), name);
  CHECK(fs::is_directory(disk));  // it was there for the copies, which went with the pilots
  CHECK(fs::is_empty(disk));
}

TEST_CASE("a folder for copies that a pilot's machine does not have is named") {
  const std::string recipe = file("no-disk.toml", kFewJobs);
  const std::string cluster =
      file("no-disk-cluster.toml", "[cluster]\nlaunch = \"env\"\ncopies = \"$NO_SUCH_DISK/x\"\n");
  const auto outcome =
      program("run " + recipe + " --cluster " + cluster + " --out " + scratch() + "/no-disk");
  CHECK(outcome.code == 1);
  CHECK_MESSAGE(has(outcome.err, "[cluster] copies: $NO_SUCH_DISK is not set on"), outcome.err);
}

TEST_CASE(
    "Ctrl-C asks whether the pilots on Slurm live on: those that do work for the next run, others end") {
  const Slurm slurm;
  if (!slurm.up()) return;
  const std::string recipe = file("asked.toml", kFewJobs);
  const std::string cluster =
      file("slurm.toml", "[cluster]\nengine = \"slurm\"\naddress = \"127.0.0.1\"\npilots = 1\nworkers = 1\n");
  for (const std::string answer : {"l", "s"}) {
    const std::string run =
        "run " + recipe + " --cluster " + cluster + " --out " + scratch() + "/asked-" + answer;
    Terminal terminal("exec '" + kBuild + "/bin/taskonomy' " + run);
    REQUIRE_MESSAGE(terminal.shows("pilot 1 on n"), terminal.rest());
    terminal.type("\x03");
    REQUIRE_MESSAGE(terminal.shows("l = leave: "), terminal.rest());
    const auto pilots = Slurm::jobs();
    CHECK(pilots.size() == 1);
    terminal.type(answer + "\n");
    const std::string shown = terminal.rest();
    if (answer == "s") {
      CHECK_MESSAGE(eventually([] { return Slurm::jobs().empty(); }), shown);
      continue;
    }
    CHECK_MESSAGE(Slurm::jobs() == pilots, shown);
    const auto next = program(run);
    CHECK_MESSAGE(next.code == 0, next.err);
    CHECK_MESSAGE(has(next.err, "pilot 1 on n"), next.err);
    CHECK(eventually([] { return Slurm::jobs().empty(); }));
  }
}
