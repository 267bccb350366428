// A run that grows by a task, and a task that is only placed into it, through the real binary: what is
// trained, what stays, what is refused.
#include <filesystem>
#include <map>
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

TinyRecipe growing(const Tasks& tasks) {
  return {.tasks = tasks, .head = "name = \"grows\"\n", .rooms = 12, .source_steps = 10, .transfer_steps = 5};
}

std::string recipe(const std::string& name, const Tasks& tasks) {
  return file(name + ".toml", tiny_recipe(growing(tasks)));
}

const Tasks kFew{"depth_zbuffer", "edge_texture", "random"};

Outcome make_run(const std::string& recipe_file, const std::string& folder, const std::string& options = "") {
  return program("run " + recipe_file + " --out " + folder + " --workers 0 " + options);
}

Outcome place(const std::string& arguments) { return program("place " + arguments); }

/// Contents of every file below a folder; those whose path holds one of `aside` left out.
std::map<std::string, std::string> contents(const std::string& folder,
                                            const std::vector<std::string>& aside) {
  std::map<std::string, std::string> all;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string path = fs::relative(entry.path(), folder).string();
    bool skip = !entry.is_regular_file();
    for (const auto& part : aside) skip = skip || has(path, part);
    if (!skip) all[path] = read_file(entry.path());
  }
  return all;
}

/// When the files below a folder were written last.
std::map<std::string, fs::file_time_type> times(const std::string& folder) {
  std::map<std::string, fs::file_time_type> all;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) all[fs::relative(entry.path(), folder).string()] = entry.last_write_time();
  return all;
}

/// The run that the tests below look at; made once. Copies are theirs to change.
std::string copy_of_run(const std::string& name) {
  static const std::string made = [] {
    const std::string folder = scratch() + "/few";
    const Outcome outcome = make_run(recipe("few", kFew), folder);
    REQUIRE_MESSAGE(outcome.code == 0, outcome.err);
    return folder;
  }();
  fs::copy(made, scratch() + "/" + name, fs::copy_options::recursive);
  return scratch() + "/" + name;
}

}  // namespace

TEST_CASE(
    "a task that joins trains its row and its column alone; then the run is the fresh one, byte for byte") {
  const std::string folder = copy_of_run("joined");
  const auto before = times(folder);
  // In the middle, and in need of a modality that the others do without.
  const auto more = recipe("more", {"edge_texture", "segment_semantic", "depth_zbuffer", "random"});
  const Outcome joined = make_run(more, folder);
  REQUIRE_MESSAGE(joined.code == 0, joined.err);
  CHECK(has(joined.err, "joins the run, which keeps what it has: segment_semantic"));

  const auto after = times(folder);
  for (const auto& file : before) {  // nothing that is trained is trained again
    const std::string& path = file.first;
    if (path.rfind("sources/", 0) == 0 || path.rfind("transfers/", 0) == 0 ||
        path.rfind("features/", 0) == 0 || path.rfind("examples/", 0) == 0)
      CHECK_MESSAGE(after.at(path) == file.second, path);
  }
  CHECK(after.count("transfers/segment_semantic/random.safetensors") == 1);
  CHECK(after.count("transfers/depth_zbuffer/segment_semantic.safetensors") == 1);

  const std::string fresh = scratch() + "/fresh";
  REQUIRE(make_run(more, fresh).code == 0);
  // A pair that the new source has pushed out of a shortlist may still lie there; it counts no more.
  const auto theirs = contents(fresh, {"jobs/", "manifest", "log", "report.html", "summary.txt", ".lock"});
  auto ours = contents(folder, {"jobs/", "manifest", "log", "report.html", "summary.txt", ".lock"});
  for (const auto& file : theirs) CHECK_MESSAGE(ours[file.first] == file.second, file.first);
  CHECK(has(theirs.at("affinity.csv"), "depth_zbuffer,segment_semantic,"));

  const Outcome fewer = make_run(recipe("fewer", {"edge_texture", "random"}), folder);
  CHECK(fewer.code == 1);
  CHECK(has(fewer.err, "tasks is [\"edge_texture\", \"segment_semantic\""));
  CHECK(has(fewer.err, "--update"));
  CHECK(read_file(folder + "/affinity.csv") == theirs.at("affinity.csv"));
  REQUIRE(make_run(recipe("fewer", {"edge_texture", "random"}), folder, "--update").code == 0);
  CHECK_FALSE(has(read_file(folder + "/affinity.csv"), "depth_zbuffer"));
}

TEST_CASE("a pure change of order trains nothing and gives what a fresh run in that order gives") {
  const std::string folder = copy_of_run("reordered");
  const auto order = recipe("order", {"random", "edge_texture", "depth_zbuffer"});
  REQUIRE(make_run(order, folder).code == 0);
  REQUIRE(make_run(order, scratch() + "/ordered").code == 0);
  for (const std::string part :
       {"affinity.csv", "metrics.csv", "taxonomy.json", "tournaments/depth_zbuffer.csv"})
    CHECK_MESSAGE(read_file(folder + "/" + part) == read_file(scratch() + "/ordered/" + part), part);
}

TEST_CASE("place trains the transfers into a new task alone, leaves the run as it is, and says what to use") {
  const std::string folder = copy_of_run("placed");
  const auto before = contents(folder, {".lock"});
  const Outcome outcome = place("segment_semantic " + folder + " --workers 1 --replicates 50 --format json");
  REQUIRE_MESSAGE(outcome.code == 0, outcome.err);
  auto after = contents(folder, {".lock"});
  for (const auto& file : before) CHECK_MESSAGE(after[file.first] == file.second, file.first);
  CHECK_FALSE(fs::exists(folder + "/sources/segment_semantic.safetensors"));
  CHECK(program("status " + folder).code == 0);

  const auto answer = nlohmann::json::parse(outcome.out);
  CHECK(answer == nlohmann::json::parse(read_file(folder + "/place/segment_semantic/place.json")));
  CHECK(answer["target"] == "segment_semantic");
  REQUIRE(answer["transfers"].size() == 6);  // three sources and their three pairs
  double sum = 0.0;
  for (const auto& transfer : answer["transfers"]) {
    sum += transfer["affinity"]["estimate"].get<double>();
    CHECK(transfer["gain"]["low"].get<double>() <= transfer["gain"]["estimate"].get<double>());
    CHECK(transfer["quality"]["estimate"].is_null());
  }
  CHECK(sum == doctest::Approx(1.0));
  CHECK(answer["best_by_order"].size() == 2);
  CHECK(answer["alone"].back()["sources"] == answer["transfers"][0]["sources"]);
  CHECK_FALSE(answer["with_run"].empty());
  for (const std::string part : {"summary.txt", "place.csv", "place.svg", "recipe.toml"})
    CHECK_MESSAGE(fs::exists(folder + "/place/segment_semantic/" + part), part);

  const auto trained = times(folder + "/transfers/segment_semantic");
  const Outcome again = place("segment_semantic " + folder + " --replicates 50 --format json");
  CHECK(again.out == outcome.out);
  CHECK(times(folder + "/transfers/segment_semantic") == trained);

  // Who adds it to the recipe has the transfers already.
  REQUIRE(make_run(recipe("added", {"depth_zbuffer", "edge_texture", "random", "segment_semantic"}), folder)
              .code == 0);
  for (const auto& file : trained)
    CHECK_MESSAGE(times(folder + "/transfers/segment_semantic")[file.first] == file.second, file.first);
  const Outcome known = place("segment_semantic " + folder + " --replicates 50");
  CHECK(known.code == 0);
  CHECK(has(known.err, "is a target of " + folder + " itself: nothing is trained"));
  CHECK(has(known.out, "Recommended: "));
}

TEST_CASE("a task with inputs of its own, its own network, some sources, and one job by hand") {
  const std::string folder = copy_of_run("inputs");
  const Outcome outcome = place("denoising " + folder +
                                " --own-network --sources random,edge_texture --workers 0 --replicates 50 "
                                "--format csv");
  REQUIRE_MESSAGE(outcome.code == 0, outcome.err);
  CHECK(has(outcome.out, "denoising,random,1,0,"));
  CHECK_FALSE(has(outcome.out, "depth_zbuffer"));
  CHECK(fs::exists(folder + "/sources/denoising.safetensors"));
  CHECK(fs::exists(folder + "/features/random/denoising.safetensors"));
  const std::string losses = folder + "/losses/denoising/random.safetensors";
  const std::string bytes = read_file(losses);
  fs::remove(losses);
  CHECK(program("worker " + folder + " --place denoising --job transfer/denoising/random").code == 0);
  CHECK(read_file(losses) == bytes);
  CHECK(program("worker " + folder + " --place normal").code == 1);
}

TEST_CASE("a task without labels in the run's data, and one that crashes, are named; the run stands") {
  const auto scenes = recipe("photos", {"depth_zbuffer", "edge_texture", "segment_semantic", "random"});
  REQUIRE(program("data export " + scenes + " photos").code == 0);
  for (const auto& entry : fs::directory_iterator(scratch() + "/photos"))
    if (entry.is_directory()) fs::remove_all(entry.path() / "segment_semantic");
  TinyRecipe unlabelled = growing(kFew);
  unlabelled.photos = "photos";
  const std::string folder = scratch() + "/unlabelled";
  const Outcome made = make_run(file("unlabelled.toml", tiny_recipe(unlabelled)), folder);
  REQUIRE_MESSAGE(made.code == 0, made.err);
  const auto before = times(folder);
  const Outcome lacking = place("segment_semantic " + folder);
  CHECK(lacking.code == 1);
  CHECK(has(lacking.err,
            "task \"segment_semantic\": needs modality \"segment_semantic\"; dataset \"taskonomy\""));
  CHECK(times(folder) == before);

  const Outcome crashing =
      place("fixture_crash " + folder + " --plugin-dir " TASKONOMY_BINARY_DIR "/fixtures/taskonomy");
  CHECK(crashing.code == 4);
  CHECK(has(crashing.err, "failed: "));
  CHECK(has(crashing.err, "worker " + folder + " --place fixture_crash"));
  CHECK(program("status " + folder).code == 0);
}

TEST_CASE("what cannot be placed is refused with the place and the cure, and nothing is written") {
  const std::string folder = copy_of_run("refused");
  const auto before = times(folder);
  const auto refused = [&](const std::string& arguments, const std::string& reason, int code = 1) {
    const Outcome outcome = place(arguments);
    CAPTURE(arguments);
    CHECK(outcome.code == code);
    CHECK_MESSAGE(has(outcome.err, reason), outcome.err);
  };
  refused("nromal " + folder, "\"nromal\"");
  refused("nromal " + folder, "normal");  // the nearest one
  refused("jigsaw " + folder, "only be a source");
  refused("random " + folder, "only be a source");
  refused("normal " + folder + " --sources depth_zbufer", "did you mean \"depth_zbuffer\"?");
  refused("normal " + folder + " --cost depth_zbufer=2", "--cost: the run has no source \"depth_zbufer\"");
  refused("rgb2sfnorm " + folder + " --sources rgb2depht", "note: rgb2sfnorm is normal in this program");
  refused("rgb2depth " + folder + " --set task.rgb2depth.far=3", "parameters of its recipe");
  refused("normal " + folder + " --set source.steps=3", "task.normal.KEY=VALUE", 2);
  refused("normal " + folder + " --set task.normal.colour=3", "colour");
  refused("depth_zbuffer " + folder + " --set task.depth_zbuffer.far=3", "parameters of its recipe");
  refused("normal " + scratch(), "not a run folder");
  refused("normal", "RUN is missing", 2);
  refused("normal " + folder + " --replicates 1", "--replicates", 2);
  CHECK(times(folder) == before);

  const std::string half = scratch() + "/half";
  REQUIRE(make_run(recipe("few", kFew), half, "--until sources").code == 0);
  refused("normal " + half, "not done: features/");
  refused("normal " + half, "finish the run first: taskonomy run " + half);
  refused("depth_zbuffer " + half, "has not judged it yet");
  CHECK_FALSE(fs::exists(half + "/place"));
}
