// run, status and worker through the real program: what they refuse, with which words and exit codes.
#include <filesystem>
#include <string>

#include "tests/cli/binary.hpp"
#include "tests/support/testing.hpp"
#include "tests/support/text.hpp"

using taskonomy::cli_test::file;
using taskonomy::cli_test::Outcome;
using taskonomy::cli_test::program;
using taskonomy::cli_test::scratch;
using taskonomy::tests::has;

namespace {

const char* const kRecipe = R"(tasks = ["normal", "edge_texture"]

[data]
dataset = "scenes"

[source]
steps = 100
)";

/// kRecipe with one line replaced.
std::string with(const std::string& line, const std::string& replacement) {
  std::string text = kRecipe;
  return text.replace(text.find(line), line.size(), replacement);
}

}  // namespace

TEST_CASE("a recipe with a mistake is refused with its line before anything is made") {
  struct Mistake {
    std::string text, message;
  };
  for (const Mistake& mistake :
       {Mistake{with("steps = 100", "stepps = 100"),
                "bad.toml:7: [source] stepps: unknown key; did you mean \"steps\"?"},
        Mistake{with("steps = 100", "steps = \"many\""),
                "bad.toml:7: [source] steps: expected an integer of at least 1, got \"many\""},
        Mistake{with("[source]", "[sorce]"),
                "bad.toml:6: [sorce]: unknown section; did you mean \"source\"?"},
        Mistake{with("[source]", "[source"), "bad.toml:6: "},
        Mistake{with("tasks = [", "tasks = [\"normal\", "),
                "bad.toml:1: tasks: expected a list of different task ids"},
        Mistake{with("\"edge_texture\"", "\"edge_textur\""), "edge_textur"},
        Mistake{with("\"normal\", \"edge_texture\"", "\"random\""),
                "bad.toml:1: tasks: none of them is a target, so nothing could be judged"},
        Mistake{with("\"scenes\"", "\"scene\""), "scene"}}) {
    const Outcome outcome =
        program("run " + file("bad.toml", mistake.text) + " --out " + scratch() + "/never");
    CHECK(outcome.code == 1);
    CHECK_MESSAGE(has(outcome.err, mistake.message), mistake.message, "\nin ", outcome.err);
    CHECK(has(outcome.err, "error: "));
    CHECK(program("status " + scratch() + "/never").code == 1);
  }
}

TEST_CASE("recipes and folders that are not there, options that do not exist") {
  CHECK(
      has(program("run /nonexistent.toml").err, "/nonexistent.toml: cannot read: No such file or directory"));
  CHECK(has(program("run " + scratch()).err,
            "a folder without recipe.toml; expected a recipe file or a run's folder"));
  CHECK(has(program("status " + scratch()).err, "not a run folder: it has no recipe.toml"));
  CHECK(has(program("worker " + scratch()).err, "not a run folder: it has no recipe.toml"));
  for (const std::string usage :
       {"run", "run a.toml --worker 2", "run a.toml --workers many", "run a.toml --workers 100000",
        "plan a.toml --workers 100000", "run a.toml --quiet --json", "status", "status a b", "worker"})
    CHECK_MESSAGE(program(usage).code == 2, usage);
  CHECK(has(program("run a.toml --worker 2").err, "did you mean \"--workers\"?"));
  const std::string recipe = file("good.toml", kRecipe);
  CHECK(has(program("run " + recipe + " --set source.steps").err, "expected section.key=value"));
  CHECK(has(program("run " + recipe + " --set source.stepp=3").err,
            "--set: [source] stepp: unknown key; did you mean"));
  CHECK(has(program("run " + recipe + " --device tpu").err,
            "[compute] device: expected one of \"cpu\", \"cuda\""));
  CHECK(has(program("run " + recipe + " --plugin-dir /nonexistent").err, "/nonexistent"));
}

TEST_CASE("a link that leads back to itself is one line with its path, whoever is given it") {
  std::filesystem::create_symlink("loop", scratch() + "/loop");
  const std::string loop = scratch() + "/loop";
  for (const std::string command :
       {"solve LOOP --budget 1", "tree LOOP", "report LOOP", "analyse LOOP", "compare LOOP LOOP",
        "status LOOP", "place normal LOOP", "worker LOOP", "run LOOP", "plan LOOP"}) {
    std::string arguments = command;
    for (std::size_t at = 0; (at = arguments.find("LOOP")) != std::string::npos;)
      arguments.replace(at, 4, loop);
    const Outcome outcome = program(arguments);
    CHECK_MESSAGE(outcome.code == 1, command);
    CHECK_MESSAGE(has(outcome.err, "error: " + loop), command, outcome.err);
    CHECK_MESSAGE(has(outcome.err, "Too many levels of symbolic links"), command, outcome.err);
    CHECK_MESSAGE(!has(outcome.err, "internal"), command, outcome.err);
  }
}

TEST_CASE("a data set that does not exist, or has no folder, is named with its own line of the recipe") {
  const std::string unknown = file("unknown.toml", with("\"scenes\"", "\"nosuch\""));
  CHECK(has(program("run " + unknown).err, "unknown.toml:3: unknown dataset \"nosuch\""));
  const std::string nowhere =
      file("nowhere.toml", with("\"scenes\"", "\"taskonomy\"\nroot = \"/nonexistent\""));
  CHECK(has(program("run " + nowhere).err,
            "nowhere.toml:5: dataset \"taskonomy\": root: /nonexistent: cannot read the data folder"));
  const std::string key = file("key.toml", std::string(kRecipe) + "[task.normal]\nfoo = 1\n");
  const std::string said = program("run " + key).err;
  CHECK(has(said, "key.toml:9: task \"normal\": unknown key \"foo\""));
  CHECK_MESSAGE(said.find("key.toml:") == said.rfind("key.toml:"), said);
}

TEST_CASE("an output folder that cannot be written to, or is not a run's, is refused") {
  const std::string recipe = file("good.toml", kRecipe);
  Outcome outcome = program("run " + recipe + " --out /proc/run");
  CHECK(outcome.code == 1);
  CHECK(has(outcome.err, "/proc/run: cannot create the run folder"));
  file("photo.jpg", "x");
  outcome = program("run " + recipe + " --out " + scratch());
  CHECK(outcome.code == 1);
  CHECK(has(outcome.err, "so it is not a run folder; take another one with --out"));
}
