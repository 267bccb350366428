// Networks that start from those of another run, through the real binary.
#include <filesystem>
#include <nlohmann/json.hpp>
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

/// A recipe of the same three tasks, with more lines at its end.
std::string started_recipe(const std::string& name, const std::string& tail = "") {
  return file(name, tiny_recipe({.tasks = {"normal", "depth_zbuffer", "random"},
                                 .rooms = 12,
                                 .views_per_room = 2,
                                 .source_steps = 6,
                                 .transfer_steps = 4,
                                 .orders = "[1]",
                                 .tail = tail}));
}

/// The folder of a run whose source networks are done, made once.
const std::string& pretrained_rooms() {
  static const std::string folder = [] {
    const auto made = scratch() + "/rooms";
    const Outcome outcome =
        program("run " + started_recipe("rooms.toml") + " --out " + made + " --workers 0 --until sources");
    REQUIRE_MESSAGE(outcome.code == 0, outcome.err);
    return made;
  }();
  return folder;
}

}  // namespace

TEST_CASE("networks start from another run's, say so everywhere, and go on when it is gone") {
  const auto start = scratch() + "/start";
  fs::copy(pretrained_rooms(), start, fs::copy_options::recursive);
  const auto photos =
      started_recipe("photos.toml", "[source.start_of]\ndepth_zbuffer = \"start\"\nnormal = \"start/\"\n");
  const auto folder = scratch() + "/photos";
  const auto run = "run " + photos + " --out " + folder + " --workers 0";
  const Outcome sources = program(run + " --until sources");
  REQUIRE_MESSAGE(sources.code == 0, sources.err);
  const auto sentence = "normal, depth_zbuffer start from " + start;
  CHECK_MESSAGE(has(sources.err, "note: " + sentence), sources.err);
  CHECK(has(sources.out, "Networks that did not begin at random"));
  CHECK(has(read_file(folder + "/log"), sentence));
  const auto record = nlohmann::json::parse(read_file(folder + "/jobs/source.normal.json"));
  CHECK(record.at("figures").at("start.encoder") == 1.0);
  CHECK(record.at("figures").at("start.decoder") == 1.0);
  CHECK(read_file(folder + "/sources/random.safetensors") ==
        read_file(start + "/sources/random.safetensors"));
  CHECK(read_file(folder + "/sources/normal.safetensors") !=
        read_file(start + "/sources/normal.safetensors"));

  fs::remove_all(start);
  const Outcome whole = program(run);
  REQUIRE_MESSAGE(whole.code == 0, whole.err);
  CHECK(has(read_file(folder + "/summary.txt"), "Networks that did not begin at random"));
  CHECK(has(read_file(folder + "/report.html"), sentence));
  CHECK(program("run " + folder + " --workers 0 --quiet").code == 0);

  fs::remove(folder + "/sources/normal.safetensors");
  const Outcome needed = program(run);
  CHECK(needed.code == 1);
  CHECK_MESSAGE(has(needed.err, "gone, and source/normal is still to be trained from it"), needed.err);
}

TEST_CASE("another start asks before it makes networks again; one that does not fit is refused at once") {
  const auto photos = started_recipe("asks.toml");
  const auto folder = scratch() + "/asks";
  const auto run = "run " + photos + " --out " + folder + " --workers 0 --until sources";
  REQUIRE(program(run).code == 0);
  const auto from = " --set source.start=" + pretrained_rooms();
  const Outcome asked = program(run + from);
  CHECK(asked.code == 1);
  CHECK_MESSAGE(has(asked.err, "it starts from the weights of another network now (source/normal"),
                asked.err);
  CHECK(has(asked.err, "--update"));
  CHECK(program(run + from + " --update").code == 0);

  const Outcome width =
      program("run " + photos + " --out " + scratch() + "/refused-start" + from + " --set encoder.width=4");
  CHECK(width.code == 1);
  CHECK_MESSAGE(has(width.err, "set [encoder] width = 8"), width.err);
  CHECK_FALSE(fs::exists(scratch() + "/refused-start"));
}

TEST_CASE(
    "pretrain trains tasks for some minutes on rooms, goes on with the same steps, and others start from "
    "it") {
  const auto folder = scratch() + "/pretrained";
  const std::string size =
      " --set data.rooms=24 --set data.views_per_room=1 --set data.side=16 --set encoder.width=8 --workers 1";
  const std::string command =
      "pretrain depth_zbuffer,rgb2sfnorm,random --out " + folder + size + " --minutes 0.2";
  const Outcome first = program(command);
  REQUIRE_MESSAGE(first.code == 0, first.err);
  CHECK_MESSAGE(has(first.err, "0.2 min on 1 worker: "), first.err);
  CHECK_MESSAGE(has(first.err, " steps for each of 2 tasks"), first.err);
  CHECK(has(first.out, "beats constant"));
  CHECK(has(first.out, "taskonomy pretrain " + folder));
  CHECK(fs::exists(folder + "/sources/normal.safetensors"));
  CHECK_FALSE(fs::exists(folder + "/transfers"));
  const std::string recipe_text = read_file(folder + "/recipe.toml");

  // No timing again: the number of steps stays.
  for (const auto& again : {command, "pretrain " + folder + " --workers 1"}) {
    const Outcome outcome = program(again);
    CHECK_MESSAGE(outcome.code == 0, outcome.err);
    CHECK_FALSE(has(outcome.err, "steps for each"));
    CHECK(read_file(folder + "/recipe.toml") == recipe_text);
  }
  CHECK(has(program(command).err, "goes on with the steps that were chosen when it began"));
  const Outcome started = program("run " + started_recipe("from-rooms.toml") + " --out " + scratch() +
                                  "/from-rooms --workers 0 --until sources --set source.start=" + folder);
  CHECK_MESSAGE(started.code == 0, started.err);
  CHECK(has(started.err, "start from " + folder));
}

TEST_CASE("pretrain takes a number of steps instead of minutes, and says what it does not know") {
  const auto folder = scratch() + "/by-steps";
  const std::string steps = " --set source.steps=3 --out " + folder;
  const Outcome outcome = program("pretrain " + started_recipe("by-steps.toml") + steps + " --workers 0");
  CHECK_MESSAGE(outcome.code == 0, outcome.err);
  CHECK_FALSE(has(outcome.err, " min on "));
  CHECK(has(read_file(folder + "/recipe.toml"), "steps = 3\n"));
  taskonomy::cli_test::refused("pretrain" + steps + " --minutes 3", 2,
                               "--minutes and --set source.steps exclude each other");
  taskonomy::cli_test::refused(
      "pretrain normal,depht_zbuffer", 1,
      "\"depht_zbuffer\" is no task, recipe or run; did you mean \"depth_zbuffer\"?");
}
