// `taskonomy tasks` and `taskonomy datasets` through the real binary: lists by stamps, records, refusals,
// exit codes.
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>

#include "core/base/files.hpp"
#include "tests/cli/binary.hpp"
#include "tests/cli/tiny_recipe.hpp"
#include "tests/support/testing.hpp"
#include "tests/support/text.hpp"

using taskonomy::cli_test::file;
using taskonomy::cli_test::kBuild;
using taskonomy::cli_test::kFixtures;
using taskonomy::cli_test::Outcome;
using taskonomy::cli_test::program;
using taskonomy::cli_test::scratch;

namespace {

using taskonomy::tests::has;

std::string good_plugin() {
  return taskonomy::base::read_file(kFixtures + "/taskonomy_task_fixture_good.so");
}

/// The scratch folder of plugins that holds this one file.
std::string folder_with(const std::string& folder, const std::string& name, const std::string& bytes) {
  const auto path = std::filesystem::path(taskonomy::cli_test::scratch()) / folder;
  taskonomy::base::write_file(path / name, bytes);
  return path.string();
}

}  // namespace

TEST_CASE("tasks list names every task plugin; fixtures only where their folder is named") {
  const auto plain = program("tasks list");
  CHECK(plain.code == 0);
  CHECK(plain.err.empty());
  for (const char* id : {"autoencoding", "normal", "segment_semantic", "random"}) CHECK(has(plain.out, id));
  CHECK_FALSE(has(plain.out, "fixture_good"));
  CHECK(program("tasks").out == plain.out);

  const auto outcome = program("tasks list --json --plugin-dir " + kFixtures);
  REQUIRE(outcome.code == 0);
  const auto content = nlohmann::json::parse(outcome.out);
  CHECK(content["refused"].empty());
  CHECK(content["searched"][0]["folder"] == kFixtures);
  // The plugin whose constructor throws is listed like the others: nothing is loaded for a list.
  const auto& tasks = content["tasks"];
  CHECK(std::any_of(tasks.begin(), tasks.end(),
                    [](const auto& task) { return task["id"] == "fixture_constructor"; }));
}

TEST_CASE("tasks show prints the record with shapes and ranges") {
  const auto text = program("tasks show normal");
  CHECK(text.code == 0);
  CHECK(has(text.out, "float32 [3,64,64] in -1..1"));
  CHECK(has(text.out, "normal or depth_zbuffer"));
  const auto json = program("tasks show segment_semantic --side 32 --json");
  REQUIRE(json.code == 0);
  const auto record = nlohmann::json::parse(json.out);
  CHECK(record["target"]["dtype"] == "uint8");
  CHECK(record["target"]["shape"] == nlohmann::json({1, 32, 32}));
  CHECK(record["prediction"]["high"].is_null());  // no number in JSON says infinity
}

TEST_CASE("show begins with the manual page of the plugin, --json has it as a field") {
  const auto task = program("tasks show normal");
  CHECK(task.out.rfind("Surface normals: ", 0) == 0);
  CHECK(has(task.out, "\n\n  label       "));
  CHECK(has(task.out, "\n\nnormal: Surface normals\n"));  // the record
  const auto json = program("tasks show normal --json");
  const auto manual = nlohmann::json::parse(json.out)["manual"].get<std::string>();
  CHECK(task.out.rfind(manual, 0) == 0);
  const auto guest = program("tasks show fixture_good --plugin-dir " + kFixtures);
  CHECK(guest.out.rfind("A task that does all it promises.\n\nfixture_good: ", 0) == 0);
  // A dataset that lacks a parameter cannot be made; the page says what the parameter is.
  const auto rootless = program("datasets show taskonomy");
  CHECK(rootless.code == 1);
  CHECK(has(rootless.out, "  parameters  root"));
  const auto scenes = nlohmann::json::parse(program("datasets show scenes --json").out);
  CHECK(scenes["manual"].get<std::string>().rfind("Rendered rooms: ", 0) == 0);
}

TEST_CASE("a key of a task comes from --set or a recipe, and is checked") {
  const std::string show = "tasks show fixture_good --plugin-dir " + kFixtures;
  CHECK(has(program(show + " --set task.fixture_good.scale=2.5").out, "in 0..2.5"));
  const auto unknown = program(show + " --set task.fixture_good.scal=2.5");
  CHECK(unknown.code == 1);
  CHECK(unknown.err ==
        "error: --set: task \"fixture_good\": unknown key \"scal\"; did you mean \"scale\"?\n");
  const auto recipe =
      file("show.toml",
           "tasks = [\"fixture_good\"]\n[data]\ndataset = \"any\"\n\n[task.fixture_good]\nscale = \"big\"\n");
  const auto wrong = program(show + " --recipe " + recipe);
  CHECK(wrong.code == 1);
  CHECK(has(wrong.err,
            "show.toml:6: task \"fixture_good\": scale: expected a number from 0.1 to 10, got \"big\""));
}

TEST_CASE("an unknown task names the nearest and the folders searched") {
  const auto outcome = program("tasks show nrmal");
  CHECK(outcome.code == 1);
  CHECK(outcome.out.empty());
  CHECK(has(outcome.err, "unknown task \"nrmal\"; did you mean \"normal\"?"));
  CHECK(has(outcome.err, kBuild + "/lib/taskonomy"));
  CHECK(program("tasks shw").code == 2);
  CHECK(program("tasks show").code == 2);
}

TEST_CASE(
    "a refused plugin is one line in a list, one warning where nobody asked for it, an error where somebody "
    "did") {
  const auto folder = folder_with("torn", "taskonomy_task_torn.so", good_plugin().substr(0, 9000));
  const auto list = program("tasks list --plugin-dir " + folder);
  CHECK(list.code == 0);
  CHECK(has(list.out, "refused: TX1000: plugin not loaded: " + folder + "/taskonomy_task_torn.so"));
  const auto other = program("tasks show normal --plugin-dir " + folder);
  CHECK(other.code == 0);
  CHECK(has(other.err, "warning: TX1000"));
  CHECK(std::count(other.err.begin(), other.err.end(), '\n') == 1);
  const auto asked = program("tasks show torn --plugin-dir " + folder);
  CHECK(asked.code == 1);
  CHECK(has(asked.err, "error: task \"torn\": TX1000"));
  CHECK(has(asked.err, "fix        : "));
}

TEST_CASE("a plugin that crashes while it is made is named, in the program that made it") {
  const auto recipe =
      file("early.toml", "tasks = [\"normal\", \"fixture_crash_early\"]\n[data]\ndataset = \"scenes\"\n");
  for (const std::string& command : {std::string("tasks show fixture_crash_early"), "run " + recipe}) {
    const auto outcome = program(command + " --plugin-dir " + kFixtures);
    CHECK(outcome.code == 1);
    CHECK(has(outcome.err,
              "task \"fixture_crash_early\" (" + kFixtures +
                  "/taskonomy_task_fixture_crash_early.so) crashed with SIGSEGV while it was loaded or "
                  "made; leave it out, or mend it: taskonomy tasks check shows how it fails\n"));
    CHECK(std::count(outcome.err.begin(), outcome.err.end(), '\n') == 1);
  }
  CHECK_FALSE(std::filesystem::exists(taskonomy::cli_test::scratch() + "/runs"));
}

TEST_CASE(
    "a plugin that ends the process, aborts in its destructor or closes descriptors is refused by name") {
  const std::map<std::string, std::string> faults{
      {"fixture_exits", "ended the process with exit code 0 while it was loaded or made"},
      {"fixture_destroys", "crashed with SIGABRT while it was destroyed"},
      {"fixture_closes", "closed files and pipes that were not its own while it was loaded or made"}};
  for (const auto& [id, fault] : faults) {
    const auto recipe =
        file(id + ".toml", "tasks = [\"normal\", \"" + id + "\"]\n[data]\ndataset = \"scenes\"\n");
    INFO(id);
    const auto outcome = program("run " + recipe + " --plugin-dir " + kFixtures);
    CHECK(outcome.code == 1);
    CHECK(has(outcome.err, "task \"" + id + "\" (" + kFixtures + "/taskonomy_task_" + id + ".so) " + fault));
  }
  CHECK_FALSE(std::filesystem::exists(taskonomy::cli_test::scratch() + "/runs"));
}

TEST_CASE("what a plugin registers for the end of the process does not change the program's exit code") {
  CHECK(program("tasks show fixture_at_exit --plugin-dir " + kFixtures).code == 0);
  CHECK(program("tasks show fixture_at_exit --json --plugin-dir " + kFixtures).code == 0);
}

TEST_CASE("what a plugin prints while it is made is no part of the program's answer") {
  const auto outcome = program("tasks show fixture_prints --json --plugin-dir " + kFixtures);
  CHECK(outcome.code == 0);
  CHECK(nlohmann::json::accept(outcome.out));
  CHECK(has(outcome.err, "fixture without a line end"));
}

TEST_CASE("plugins in the current folder are used where --plugin-dir . says so, and nowhere else") {
  const auto folder = folder_with("here", "taskonomy_task_fixture_good.so", good_plugin());
  const std::string there =
      "datasets list >/dev/null && cd " + folder + " && ";  // program() begins elsewhere
  const std::string list = "'" + kBuild + "/bin/taskonomy' tasks list --json";
  CHECK_FALSE(has(program(there + list).out, "fixture_good"));
  CHECK_FALSE(has(program(there + "TASKONOMY_PLUGIN_PATH=. " + list).out, "fixture_good"));
  CHECK(has(program(there + list + " --plugin-dir .").out, "\"fixture_good\""));
}

TEST_CASE("a plugin folder that does not exist is an error") {
  const auto outcome = program("tasks list --plugin-dir nowhere");
  CHECK(outcome.code == 1);
  CHECK(has(outcome.err, "(--plugin-dir) does not exist"));
}

TEST_CASE("datasets: list, and what one needs to be shown") {
  const auto list = program("datasets list");
  CHECK(list.code == 0);
  CHECK(has(list.out, kBuild + "/lib/taskonomy:\n"));
  CHECK(has(list.out, "\ntaskonomy "));
  CHECK_FALSE(has(list.out, "\nnormal "));
  CHECK(has(program("datasets list --format csv").out, "taskonomy_dataset_taskonomy.so"));
  const auto rootless = program("datasets show taskonomy");
  CHECK(rootless.code == 1);
  CHECK(has(rootless.err, "dataset \"taskonomy\": cannot be created: needs the folder"));
  const auto missing = program("datasets show taskonomy --set data.root=/nonexistent");
  CHECK(missing.code == 1);
  CHECK(has(missing.err, "/nonexistent"));
}

TEST_CASE("a run names its plugins, those from elsewhere and which they run in place of") {
  const std::string folder = scratch() + "/own-normal", run = scratch() + "/named-plugins";
  std::filesystem::create_directories(folder);
  const std::string file_name = "taskonomy_task_normal.so", own = kBuild + "/lib/taskonomy/" + file_name;
  std::filesystem::copy_file(own, folder + "/" + file_name);
  const auto recipe = file(
      "named.toml",
      taskonomy::cli_test::tiny_recipe(
          {.tasks = {"normal", "edge_texture"}, .source_steps = 2, .transfer_steps = 2, .orders = "[1]"}));
  const auto outcome = program("run " + recipe + " --workers 0 --out " + run + " --plugin-dir " + folder);
  REQUIRE_MESSAGE(outcome.code == 0, outcome.err);
  const std::string sentence = "task \"normal\" 1.0.0 (" + folder + "/" + file_name;
  CHECK_MESSAGE(has(outcome.err, "note: " + sentence), outcome.err);
  CHECK_MESSAGE(has(outcome.err, "runs in place of " + own), outcome.err);
  CHECK(has(program("status " + run).out, "plugin: " + sentence));
  CHECK(
      has(taskonomy::base::read_file(run + "/summary.txt"), "Plugin from elsewhere: task \"normal\" 1.0.0"));
  const auto manifest = nlohmann::json::parse(taskonomy::base::read_file(run + "/manifest.json"));
  REQUIRE(manifest["plugins"].size() == 3);
  CHECK(manifest["plugins"][0]["id"] == "scenes");
  CHECK(manifest["plugins"][0]["own"] == true);
  CHECK(manifest["plugins"][1]["fingerprint"].get<std::string>().size() == 32);
  CHECK(manifest["plugins"][1]["shadows"] == nlohmann::json::array({own}));
}
