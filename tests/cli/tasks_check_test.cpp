// `taskonomy tasks check` through the real binary: what it finds, what it prints, how it exits.
#include <nlohmann/json.hpp>

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/files.hpp"
#include "tests/cli/binary.hpp"
#include "tests/support/testing.hpp"
#include "tests/support/text.hpp"

using taskonomy::cli_test::kBuild;
using taskonomy::cli_test::kFixtures;
using taskonomy::cli_test::Outcome;
using taskonomy::cli_test::program;

namespace {

Outcome check(const std::string& arguments) { return program("tasks check " + arguments); }
using taskonomy::tests::has;
std::string fixture(const std::string& id) { return kFixtures + "/taskonomy_task_fixture_" + id + ".so"; }

std::size_t lines_with(const std::string& text, const std::string& start) {
  std::size_t count = text.rfind(start, 0) == 0 ? 1 : 0;
  for (auto at = text.find("\n" + start); at != std::string::npos; at = text.find("\n" + start, at + 1))
    ++count;
  return count;
}

}  // namespace

TEST_CASE("a task of pixels, one of classes and one of pairs keep the contract at level full") {
  // All plugins of this house: the same checks without a program start for each, in tests/checks and tests/plugins.
  for (const std::string id : {"normal", "class_scene", "fixated_pose"}) {
    const auto outcome = check(id);
    INFO(outcome.out, outcome.err);
    CHECK(outcome.code == 0);
    CHECK(lines_with(outcome.out, "FAIL") == 0);
    CHECK(lines_with(outcome.out, "CRASH") == 0);
    CHECK(lines_with(outcome.out, "TIMEOUT") == 0);
  }
}

TEST_CASE("a plugin is named by its file or its id, and passes with exit code 0") {
  const auto by_file = check(fixture("good") + " --only file");
  CHECK(by_file.code == 0);
  CHECK(by_file.err.empty());
  CHECK(has(by_file.out, "taskonomy_task_fixture_good.so: task \"fixture_good\""));
  CHECK(lines_with(by_file.out, "PASS") == 9);
  const auto by_id = check("fixture_good --only file --plugin-dir " + kFixtures);
  CHECK(by_id.code == 0);
  CHECK(lines_with(by_id.out, "PASS") == 9);
}

TEST_CASE(
    "one that fails, one that crashes and one that hangs: exit code 1, reason, hint, how to see it alone") {
  const auto fails = check(fixture("loss_shape") + " --only loss --seed 3");
  CHECK(fails.code == 1);
  CHECK(lines_with(fails.out, "FAIL") > 0);
  CHECK(has(fails.out, "hint"));
  CHECK(has(fails.out, "--in-process"));
  const auto crashes = check(fixture("crash") + " --only label");
  CHECK(crashes.code == 1);
  CHECK(lines_with(crashes.out, "CRASH") > 0);
  const auto hangs = check(fixture("hang") + " --only loss.per_image --only file.elf --time-limit 1 --json");
  CHECK(hangs.code == 1);
  const auto content = nlohmann::json::parse(hangs.out);
  CHECK(content["counts"]["timeout"] == 1);
  CHECK(content["counts"]["pass"] == 1);
}

TEST_CASE("a torn file is checked, not refused: that it is torn is the finding") {
  const auto folder = std::filesystem::path(taskonomy::cli_test::scratch()) / "torn_check";
  const auto bytes = taskonomy::base::read_file(fixture("good"));
  taskonomy::base::write_file(folder / "taskonomy_task_fixture_good.so", bytes.substr(0, 9000));
  const auto by_file = check((folder / "taskonomy_task_fixture_good.so").string());
  CHECK(by_file.code == 1);
  CHECK(lines_with(by_file.out, "FAIL") == 1);
  CHECK(has(by_file.out, "file.elf"));
  const auto by_id = check("fixture_good --plugin-dir " + folder.string());
  CHECK(by_id.code == 1);
  CHECK(lines_with(by_id.out, "FAIL") == 1);
}

TEST_CASE("a file in a folder that anybody may write is refused as a run refuses it") {
  namespace fs = std::filesystem;
  const fs::path folder = fs::path(taskonomy::cli_test::scratch()) / "open";
  fs::create_directories(folder);
  const fs::path plugin = folder / "taskonomy_task_fixture_good.so";
  fs::copy_file(fixture("good"), plugin);
  fs::permissions(folder, fs::perms::all);
  const auto refused = check(plugin.string() + " --only file");
  CHECK(refused.code == 1);
  CHECK_MESSAGE(has(refused.out, "TX1008: anybody may write " + folder.string()), refused.out);
}

TEST_CASE("exit code 2 where nothing can be checked, with the reason") {
  const auto nothing = check("");
  CHECK(nothing.code == 2);
  CHECK(has(nothing.err, "FILE|ID is missing"));
  const auto missing = check("/nowhere/plugin.so");
  CHECK(missing.code == 2);
  CHECK(has(missing.err, "/nowhere/plugin.so"));
  const auto folder = check("/");
  CHECK(folder.code == 2);
  CHECK(has(folder.err, "not a file"));
  const auto unknown = check("nrmal");
  CHECK(unknown.code == 2);
  CHECK(has(unknown.err, "did you mean \"normal\"?"));
  const auto check_id = check("normal --only loss.batch_independant");
  CHECK(check_id.code == 2);
  CHECK(has(check_id.err, "did you mean \"loss.batch_independent\"?"));
  CHECK(check_id.out.empty());
  for (const char* dataset : {"scenes", "/lib/taskonomy/taskonomy_dataset_scenes.so"}) {
    const auto data = check((dataset[0] == '/' ? kBuild : "") + dataset);
    CHECK(data.code == 2);
    CHECK(has(data.err, "is a dataset plugin: taskonomy datasets check "));
  }
  CHECK(check("normal --json --junit").code == 2);
  CHECK(check("normal --level thorough").code == 2);
  CHECK(check("normal --seed -1").code == 2);
  CHECK(check("normal --set nothing").code == 2);
  CHECK(check("\"\"").code == 2);
}

TEST_CASE("keys of the task's recipe table; one that it does not read") {
  const auto known = check(fixture("good") + " --set scale=2.5 --only load.creates --only label.range");
  CHECK(known.code == 0);
  const auto unread = check(fixture("good") + " --set scal=2.5 --only load.creates");
  CHECK(unread.code == 1);
  CHECK(has(unread.out, "\"scal\""));
}

TEST_CASE("samples of a recipe's dataset instead of made-up ones") {
  const std::string recipe = std::string(taskonomy::cli_test::scratch()) + "/check_recipe.toml";
  taskonomy::base::write_file(recipe, "tasks = [\"normal\"]\n[data]\ndataset = \"scenes\"\nrooms = 6\n");
  const auto outcome = check("normal --only label --recipe " + recipe);
  INFO(outcome.out, outcome.err);
  CHECK(outcome.code == 0);
  CHECK(lines_with(outcome.out, "PASS") > 5);
  const auto missing = check("normal --recipe /nowhere.toml");
  CHECK(missing.code == 2);
  CHECK(has(missing.err, "/nowhere.toml"));
}

TEST_CASE("a dataset by its id: what it keeps, how it exits where its keys are missing, and the wrong kind") {
  const auto scenes = program("datasets check scenes --only scenes");
  INFO(scenes.out, scenes.err);
  CHECK(scenes.code == 0);
  CHECK(has(scenes.out, "dataset \"scenes\""));
  CHECK(lines_with(scenes.out, "PASS") == 5);
  const auto folderless = program("datasets check taskonomy");
  CHECK(folderless.code == 5);
  CHECK(has(folderless.out, "give it its keys with --recipe RECIPE or --set KEY=VALUE"));
  CHECK(has(folderless.out, "not checked: spec, scenes, sample, manners"));
  const auto wrong = program("datasets check normal");
  CHECK(wrong.code == 2);
  CHECK(has(wrong.err, "normal is a task plugin: taskonomy tasks check normal"));
  CHECK(has(program("datasets check --list").out, "sample.pure"));
}

TEST_CASE("in process: the same findings, in this process") {
  const auto inside = check(fixture("good") + " --in-process --only load --only manners");
  INFO(inside.out, inside.err);
  CHECK(inside.code == 0);
  CHECK(lines_with(inside.out, "FAIL") == 0);
  CHECK(lines_with(inside.out, "PASS") > 15);
  // The crash is the program's own then, which is what a debugger wants.
  CHECK(check(fixture("crash") + " --in-process --only label").code > 128);
}

TEST_CASE("the list of checks, JUnit, and help that states the exit codes") {
  const auto list = check("--list");
  CHECK(list.code == 0);
  for (const char* id : {"file.elf", "load.ids", "spec.", "label.", "loss.", "decoder.", "manners.what"})
    CHECK(has(list.out, id));
  const auto junit = check(fixture("good") + " --only file --junit");
  CHECK(junit.code == 0);
  CHECK(has(junit.out, "<testsuite name=\"file\" tests=\"9\" failures=\"0\""));
  const auto help = check("--help");
  CHECK(help.code == 0);
  CHECK(has(help.out, "exit codes: 0"));
}
