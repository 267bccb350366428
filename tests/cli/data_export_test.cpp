// data export, data lint and missing = "skip" through the real binary: rooms are written, read back, damaged,
// and half of their folders taken away.
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

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
using taskonomy::cli_test::TinyRecipe;
using taskonomy::tests::has;

using Tasks = std::vector<std::string>;

TinyRecipe rooms_with(const Tasks& tasks) {
  return {.tasks = tasks,
          .rooms = 12,
          .views_per_room = 2,
          .source_steps = 20,
          .transfer_steps = 10,
          .orders = "[1]"};
}

std::string rooms() {
  return file("rooms.toml", tiny_recipe(rooms_with({"normal", "egomotion", "nonfixated_pose"})));
}

/// A recipe that reads an export back.
std::string reader(const std::string& root, const Tasks& tasks, const std::string& head = "") {
  TinyRecipe recipe = rooms_with(tasks);
  recipe.photos = root;
  recipe.head = head;
  return file("reader.toml", tiny_recipe(recipe));
}

std::string exported(const std::string& name) {
  const std::string folder = scratch() + "/" + name;
  const Outcome outcome = program("data export " + rooms() + " " + folder);
  INFO(outcome.err);
  REQUIRE(outcome.code == 0);
  return folder;
}

nlohmann::json linted(const std::string& recipe, int code) {
  const Outcome outcome = program("data lint " + recipe + " --format json");
  INFO(outcome.out, outcome.err);
  REQUIRE(outcome.code == code);
  return nlohmann::json::parse(outcome.out);
}

}  // namespace

TEST_CASE(
    "an export reads back with as many pairs and triplets, goes on where files are lost, refuses strangers") {
  const std::string folder = exported("export");
  const auto content = linted(reader(folder, {"normal", "egomotion", "nonfixated_pose", "room_layout"}), 0);
  CHECK(content["findings"].empty());
  for (const auto& views : content["views"]) {
    CHECK(views["unreadable"].empty());
    // 12 rooms with 2 samples of each kind; every view of a triplet or pair is a single view as well.
    CHECK(views["samples"].get<int>() == (views["views"] == "single" ? 12 * 2 * (1 + 3 + 2) : 12 * 2));
  }

  const std::string lost = folder + "/bedroom-00000/normal/point_0001_view_0_domain_normal.png";
  const std::string bytes = read_file(lost);
  fs::remove(lost);
  const Outcome again = program("data export " + rooms() + " " + folder);
  CHECK(has(again.out, "72 samples, 1 written, 71 there already"));
  CHECK(read_file(lost) == bytes);

  CHECK(
      has(program("data export " + rooms() + " " + folder + " --set seed=2").err, "other data or settings"));
  file("full/photo.jpg", "x");
  const Outcome foreign = program("data export " + rooms() + " " + scratch() + "/full");
  CHECK(foreign.code == 1);
  CHECK(has(foreign.err, "not empty and no export"));
}

TEST_CASE("lint: truncated photographs and undeclared classes are faults with exit code 1") {
  const std::string folder = exported("damaged");
  CHECK(linted(reader(folder, {"segment_semantic"}), 0)["findings"].empty());
  const auto undeclared = linted(reader(folder, {"segment_semantic"}) + " --set data.classes=3", 1);
  CHECK(has(undeclared.dump(), "class"));
  int cut = 0;
  for (const auto& entry : fs::directory_iterator(folder + "/bedroom-00000/rgb")) {
    fs::resize_file(entry.path(), 40);
    ++cut;
  }
  const auto content = linted(reader(folder, {"normal"}), 1);
  CHECK(static_cast<int>(content["views"][0]["unreadable"].size()) == cut);
  CHECK(content["findings"][0]["gravity"] == "fault");
  CHECK(program("data lint " + rooms() + " --format yaml").code == 2);
  CHECK(program("data lint").code == 2);
}

TEST_CASE(
    "a task whose labels are not there is an error that names the modality, or left out by missing = skip") {
  const std::string folder = exported("partial");
  for (const auto& building : fs::directory_iterator(folder))
    if (building.is_directory()) fs::remove_all(building.path() / "class_scene");
  const Tasks tasks{"normal", "class_scene", "edge_texture"};
  const std::string out = " --out " + scratch() + "/skip --workers 0 --until sources";
  const Outcome refused = program("run " + reader(folder, tasks) + out);
  CHECK(refused.code == 1);
  CHECK(has(refused.err,
            "task \"class_scene\": needs modality \"class_scene\"; dataset \"taskonomy\" offers: "));
  CHECK(has(refused.err, "missing = \"skip\""));

  const Outcome skipped = program("run " + reader(folder, tasks, "missing = \"skip\"\n") + out);
  INFO(skipped.err);
  CHECK(skipped.code == 0);
  CHECK(has(skipped.err, "1 of 3 tasks left out"));
  CHECK(has(skipped.err, "left out: class_scene: needs modality \"class_scene\""));
  CHECK_FALSE(fs::exists(scratch() + "/skip/sources/class_scene.safetensors"));
  CHECK(has(read_file(scratch() + "/skip/recipe.toml"), "missing = \"skip\""));
  CHECK(has(program("status " + scratch() + "/skip").out, "left out: class_scene"));
  CHECK(program("run " + scratch() + "/skip --workers 0").code == 0);
  CHECK(has(read_file(scratch() + "/skip/summary.txt"), "Left out: class_scene"));

  const Outcome none = program("run " + reader(folder, {"class_scene"}, "missing = \"skip\"\n") + out);
  CHECK(none.code == 1);
  CHECK(has(none.err, "the dataset has labels for none of them"));
}
