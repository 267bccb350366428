// A run called again on a folder of photographs that changed meanwhile, and on code that did: it says so,
// never mixes, and makes again only what follows.
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "core/base/csv.hpp"
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

TinyRecipe small_rooms() {
  return {.tasks = {"edge_texture", "depth_zbuffer", "random"},
          .rooms = 12,
          .views_per_room = 2,
          .source_steps = 10,
          .transfer_steps = 6,
          .orders = "[1]"};
}

/// Rooms written as photographs once, copied to a folder of that name.
std::string photographs(const std::string& name) {
  static const std::string written = [] {
    const std::string folder = scratch() + "/rooms";
    REQUIRE(program("data export " + file("rooms.toml", tiny_recipe(small_rooms())) + " " + folder).code ==
            0);
    return folder;
  }();
  fs::copy(written, scratch() + "/" + name, fs::copy_options::recursive);
  return scratch() + "/" + name;
}

std::string recipe(const std::string& photos) {
  TinyRecipe of = small_rooms();
  of.photos = photos;
  std::string text = tiny_recipe(of);
  const std::string by_scene = "[split]\n";
  text.replace(text.find(by_scene), by_scene.size(), "[split]\nunit = \"image\"\n");
  return file("photos.toml", text);
}

Outcome run_photos(const std::string& recipe, const std::string& folder, const std::string& options = "") {
  return program("run " + recipe + " --out " + scratch() + "/" + folder + " --workers 0 " + options);
}

/// sample -> split, as the run has written them down.
std::map<std::string, std::string> splits(const std::string& folder) {
  const std::string path = scratch() + "/" + folder + "/splits/single.csv";
  std::map<std::string, std::string> result;
  for (const auto& record : taskonomy::base::parse_csv(read_file(path), path))
    if (record.cells[0] != "scene") result[record.cells[0] + "#" + record.cells[1]] = record.cells[2];
  return result;
}

std::string some_building(const std::string& photos) {
  for (const auto& entry : fs::directory_iterator(photos))
    if (entry.is_directory()) return entry.path().string();
  return "";
}

/// Adds views to a building: copies of its first under new points.
void add_views(const std::string& building, int count) {
  for (const std::string domain : {"rgb", "depth_zbuffer", "point_info"}) {
    if (!fs::exists(building + "/" + domain)) continue;
    const auto first = fs::directory_iterator(building + "/" + domain)->path();
    const std::string name = first.filename().string();
    for (int i = 0; i < count; ++i)
      fs::copy_file(first,
                    first.parent_path() / ("point_9" + std::to_string(i) + name.substr(name.find("_view_"))));
  }
}

/// Every artefact of a run that numbers follow from.
std::string results(const std::string& folder) {
  return read_file(scratch() + "/" + folder + "/affinity.csv") +
         read_file(scratch() + "/" + folder + "/metrics.csv");
}

}  // namespace

TEST_CASE(
    "photographs that were added are never mixed with the old ones: asked for, then as if they had always "
    "been there") {
  const std::string photos = photographs("grown");
  REQUIRE(run_photos(recipe(photos), "run").code == 0);
  const std::string before = results("run");
  const auto old_splits = splits("run");
  add_views(some_building(photos), 2);

  const Outcome asked = run_photos(recipe(photos), "run");
  CHECK(asked.code == 1);
  CHECK_MESSAGE(has(asked.err, "single views: 2 samples are new"), asked.err);
  CHECK(has(asked.err, "--update"));
  CHECK(results("run") == before);  // nothing was touched
  CHECK(splits("run") == old_splits);

  const Outcome updated = run_photos(recipe(photos), "run", "--update");
  INFO(updated.err);
  REQUIRE(updated.code == 0);
  CHECK(splits("run").size() == old_splits.size() + 2);
  REQUIRE(run_photos(recipe(photos), "fresh").code == 0);
  CHECK(results("run") == results("fresh"));
  CHECK(splits("run") == splits("fresh"));
  const Outcome again = run_photos(recipe(photos), "run");
  CHECK(again.code == 0);
  CHECK(has(again.err + again.out, "are done already"));
}

TEST_CASE("a label file that was exchanged counts, and makes again what reads it and no more") {
  const std::string photos = photographs("exchanged");
  REQUIRE(run_photos(recipe(photos), "labels").code == 0);
  const std::string network = scratch() + "/labels/sources/edge_texture.safetensors";
  const auto trained = fs::last_write_time(network);
  const auto label = fs::directory_iterator(some_building(photos) + "/depth_zbuffer")->path();
  fs::last_write_time(label, fs::last_write_time(label) + std::chrono::seconds(10));

  const Outcome asked = run_photos(recipe(photos), "labels");
  CHECK(asked.code == 1);
  CHECK_MESSAGE(has(asked.err, "files of depth_zbuffer changed"), asked.err);
  CHECK_FALSE(has(asked.err, "files of rgb"));
  CHECK(run_photos(recipe(photos), "labels", "--update --quiet").code == 0);
  CHECK(fs::last_write_time(network) == trained);
}

TEST_CASE(
    "a label that cannot be read is named wherever a run is told of, and so are images that nobody reads") {
  const std::string photos = photographs("damaged");
  const std::string building = some_building(photos);
  fs::resize_file(fs::directory_iterator(building + "/depth_zbuffer")->path(), 60);
  fs::copy_file(fs::directory_iterator(building + "/rgb")->path(), building + "/rgb/holiday.HEIC");

  const Outcome made = run_photos(recipe(photos), "damaged-run");
  INFO(made.err);
  REQUIRE(made.code == 0);
  CHECK(has(made.err, "note: 1 file is no PNG or JPEG"));
  CHECK(has(made.err, "holiday.HEIC"));
  const std::string named = "examples/depth_zbuffer goes on without 1 sample: ",
                    reason = "damaged PNG: truncated";
  const Outcome status = program("status " + scratch() + "/damaged-run");
  for (const std::string& text : {made.out, read_file(scratch() + "/damaged-run/summary.txt"), status.out}) {
    CHECK_MESSAGE(has(text, named), text.substr(0, 4000));
    CHECK(has(text, reason));
  }
  const std::string page =
      read_file(scratch() + "/damaged-run/report.html");  // its script makes sentences of these
  CHECK(has(page, "examples/depth_zbuffer"));
  CHECK(has(page, reason));
  CHECK(has(program("status " + scratch() + "/damaged-run --format json").out, "samples_left_out"));
  const Outcome lint = program("data lint " + recipe(photos));
  CHECK(has(lint.out, "dataset taskonomy: 1 file is no PNG or JPEG"));
}

TEST_CASE("a plugin of another build is not taken for the same without a question, nor is a worker's input") {
  const std::string photos = photographs("rebuilt");
  REQUIRE(run_photos(recipe(photos), "plugin").code == 0);
  const std::string name = "taskonomy_task_edge_texture.so", folder = scratch() + "/plugins";
  fs::create_directories(folder);
  fs::copy_file(TASKONOMY_BINARY_DIR "/lib/taskonomy/" + name, folder + "/" + name,
                fs::copy_options::overwrite_existing);
  std::ofstream(folder + "/" + name, std::ios::app) << "another build";

  const Outcome asked = run_photos(recipe(photos), "plugin", "--plugin-dir " + folder);
  CHECK(asked.code == 1);
  CHECK_MESSAGE(has(asked.err, "another build: plugin of task edge_texture (examples/edge_texture)"),
                asked.err);
  const Outcome told =
      program("worker " + scratch() + "/plugin --job source/edge_texture --plugin-dir " + folder);
  CHECK(told.code == 1);
  CHECK_MESSAGE(has(told.err, "needs \"examples/edge_texture\", which is stale"), told.err);
  CHECK(run_photos(recipe(photos), "plugin").code == 0);  // with the first build all is as it was
  CHECK(run_photos(recipe(photos), "plugin", "--quiet --update --plugin-dir " + folder).code == 0);
}

namespace {

/// Rewrites the records of a run as another version of the program would have left them: other keys, and in
/// the ingredients of stages that match `stage` another version of that stage.
void age_records(const std::string& folder, const std::string& stage) {
  for (const auto& entry : fs::directory_iterator(folder + "/jobs")) {
    if (entry.path().filename() == "plan.json") continue;
    auto record = nlohmann::json::parse(read_file(entry.path()));
    std::string made_from = record.at("ingredients");
    const std::string name = "version of stage " + stage;
    const auto at = made_from.find("i1:", made_from.find(name));  // one digit
    if (has(made_from, name)) made_from.replace(at, 4, "i1:0");
    record["ingredients"] = made_from;
    record["key"] = "of another version";
    taskonomy::base::write_file(entry.path(), record.dump());
  }
}

}  // namespace

TEST_CASE("a change that was accepted once is not asked about again, though the run was interrupted") {
  TinyRecipe of = small_rooms();
  of.tasks = {"edge_texture", "depth_zbuffer", "normal", "random"};
  of.orders = "[1, 2]";
  const std::string recipe = file("orders.toml", tiny_recipe(of));
  REQUIRE(run_photos(recipe, "orders").code == 0);
  const std::string before = results("orders");
  age_records(scratch() + "/orders", "affinity");

  const Outcome asked = run_photos(recipe, "orders");
  CHECK(asked.code == 1);
  CHECK_MESSAGE(has(asked.err, "computes otherwise: version of stage affinity (affinity/"), asked.err);
  // --until stands for the interruption: rankings are made again, and tournaments, which
  // only they name, are not.
  CHECK(run_photos(recipe, "orders", "--quiet --update --until transfers").code == 0);
  const Outcome on = run_photos(recipe, "orders");
  CHECK_MESSAGE(on.code == 0, on.err);
  CHECK(results("orders") == before);
}

TEST_CASE("a damaged ranking is made again; run, plan and workers go on") {
  TinyRecipe of = small_rooms();
  of.orders = "[1, 2]";
  const std::string recipe = file("ranking.toml", tiny_recipe(of)), folder = scratch() + "/ranking";
  REQUIRE(run_photos(recipe, "ranking").code == 0);
  const std::string ranking = folder + "/tournaments/depth_zbuffer.shortlist.json";
  const std::string whole = read_file(ranking);
  for (const std::string& text :
       {std::string(whole.size(), '?'), std::string(whole).replace(whole.find("random"), 6, "rand m")}) {
    taskonomy::base::write_file(ranking, text);
    const Outcome planned = program("plan " + recipe + " --out " + folder + " --no-trial");
    CHECK_MESSAGE(planned.code == 0, planned.err);
    const Outcome told = program("worker " + folder + " --job shortlist/depth_zbuffer");
    CHECK_MESSAGE(told.code == 0, told.err);
    CHECK(read_file(ranking) == whole);
    taskonomy::base::write_file(ranking, text);
    const Outcome again = run_photos(recipe, "ranking");
    CHECK_MESSAGE(again.code == 0, again.err);
    CHECK(read_file(ranking) == whole);
  }
}

TEST_CASE("a recipe's data lie beside it, may be moved, and are not needed for what a run has found") {
  const std::string photos = photographs("here");
  const std::string beside = read_file(recipe("../here")), folder = scratch() + "/it's moving";
  const auto run_it = [&](const std::string& what) {
    return program("run " + what + " --out \"" + folder + "\"");
  };
  REQUIRE(run_it(file("recipes/beside.toml", beside)).code == 0);
  const std::string before = read_file(folder + "/affinity.csv");
  CHECK(has(read_file(folder + "/recipe.toml"), "root = \"" + photos + "\""));
  CHECK_FALSE(has(read_file(folder + "/summary.txt"), scratch()));
  CHECK(program("run \"" + folder + "\" --quiet").code == 0);

  fs::rename(photos, scratch() + "/there");
  const Outcome gone = program("run \"" + folder + "\" --quiet");
  CHECK(gone.code == 1);
  CHECK_MESSAGE(has(gone.err, "here: cannot read the data folder"), gone.err);
  CHECK(has(gone.err,
            "ask taskonomy solve|analyse|compare|tree|report|status '" + scratch() + "/it'\\''s moving'"));
  CHECK(program("solve \"" + folder + "\" --budget 1").code == 0);
  const Outcome moved = program("run \"" + folder + "\" --set data.root=there");
  CHECK_MESSAGE(moved.code == 0, moved.err);
  CHECK(has(moved.err, "are done already"));
  CHECK(read_file(folder + "/affinity.csv") == before);
}

TEST_CASE("features that lost a bit: named by the job that reads them, made again by the next run") {
  const std::string recipe = file("bit.toml", tiny_recipe(small_rooms())), folder = scratch() + "/bit";
  REQUIRE(run_photos(recipe, "bit").code == 0);
  const std::string before = results("bit");
  const auto features =
      nlohmann::json::parse(read_file(folder + "/jobs/features.random.single.json"))["files"].begin().key();
  std::string bytes = read_file(folder + "/" + features);
  bytes[bytes.size() - 9] ^= 1;
  taskonomy::base::write_file(folder + "/" + features, bytes);
  fs::remove(folder + "/transfers/depth_zbuffer/random.safetensors");

  const Outcome failed = run_photos(recipe, "bit");
  CHECK(failed.code == 4);
  CHECK_MESSAGE(has(failed.err + failed.out, features + ": holds something else than"), failed.err);
  const Outcome healed = run_photos(recipe, "bit");
  CHECK_MESSAGE(healed.code == 0, healed.err);
  CHECK(results("bit") == before);
}

TEST_CASE("a run's folder whose recipe cannot be read: plan does without, run asks for --update") {
  const std::string recipe = file("unreadable.toml", tiny_recipe(small_rooms())),
                    folder = scratch() + "/unreadable";
  REQUIRE(run_photos(recipe, "unreadable", "--until sources --quiet").code == 0);
  std::ofstream(folder + "/recipe.toml", std::ios::app) << "\n[colour]\n";
  CHECK(program("plan " + recipe + " --no-trial --out " + folder).code == 0);
  const Outcome refused = run_photos(recipe, "unreadable", "--until sources");
  CHECK(refused.code == 1);
  CHECK_MESSAGE(has(refused.err, "[colour]"), refused.err);
  CHECK(has(refused.err, "--update"));
  const Outcome updated = run_photos(recipe, "unreadable", "--until sources --update");
  CHECK_MESSAGE(updated.code == 0, updated.err);
  CHECK(has(updated.err, "are done already"));
  CHECK_FALSE(has(read_file(folder + "/recipe.toml"), "[colour]"));
}

TEST_CASE("what auto means is decided when a run is made, and holds for it") {
  const std::string made =
      run_photos(file("auto.toml", tiny_recipe(small_rooms())), "auto", "--until sources --quiet").err;
  INFO(made);
  const std::string resolved = read_file(scratch() + "/auto/recipe.toml");
  CHECK_FALSE(has(resolved, "precision = \"auto\""));
  const bool bfloat16 = has(resolved, "precision = \"bfloat16\"");
  CHECK((bfloat16 || has(resolved, "precision = \"float32\"")));
  // Another precision is another run, and says so.
  const bool has_it = bfloat16 || has(made, "networks compute in float32, because");
  if (!has_it) {
    MESSAGE("skipped: the change to bfloat16, which this processor lacks; that a run refuses it is checked");
    const Outcome refused =
        run_photos(file("auto.toml", tiny_recipe(small_rooms())), "auto", "--set compute.precision=bfloat16");
    CHECK(refused.code == 1);
    CHECK(has(refused.err, "this processor has no instructions for it"));
    // Whoever plans need not compute.
    CHECK(program("plan " + scratch() + "/auto --no-trial --set compute.precision=bfloat16").code == 0);
    return;
  }
  const Outcome other =
      run_photos(file("auto.toml", tiny_recipe(small_rooms())), "auto",
                 std::string("--set compute.precision=") + (bfloat16 ? "float32" : "bfloat16"));
  CHECK(other.code == 1);
  CHECK_MESSAGE(has(other.err, bfloat16 ? "precision: \"bfloat16\" -> \"float32\""
                                        : "precision: \"float32\" -> \"bfloat16\""),
                other.err);
}
