// `tasks new` and `datasets new` through the real program: what is made, what is refused, and that the
// plugins made from all templates (built by tests/templates) take part in a run.
#include <algorithm>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "core/base/files.hpp"
#include "core/base/text.hpp"
#include "tests/cli/binary.hpp"
#include "tests/cli/tiny_recipe.hpp"
#include "tests/support/testing.hpp"
#include "tests/support/text.hpp"

namespace fs = std::filesystem;
using taskonomy::base::read_file;
using taskonomy::cli_test::file;
using taskonomy::cli_test::Outcome;
using taskonomy::cli_test::program;
using taskonomy::cli_test::scratch;
using taskonomy::cli_test::tiny_recipe;

namespace {

const std::vector<std::string> kTemplates{"pixel", "vector", "classification", "self-supervised", "pair"};

using taskonomy::tests::has;

std::vector<std::string> files_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  return names;
}

/// Lines that are neither blank nor only a comment.
std::size_t lines_of_code(const std::string& text) {
  std::istringstream stream(text);
  std::size_t count = 0;
  for (std::string line; std::getline(stream, line);) {
    const std::string code = taskonomy::base::trim(line);
    if (!code.empty() && code.rfind("//", 0) != 0) ++count;
  }
  return count;
}

/// `tasks new NAME` fails with exit code `code`, says `message` and makes nothing.
void check_refused(const std::string& arguments, int code, const std::string& message) {
  INFO(arguments);
  for (const std::string output : {"stdout", "stderr"}) file(output, "");  // the program leaves them, too
  const auto before = files_in(scratch());
  const Outcome outcome = program("tasks new " + arguments);
  CHECK(outcome.code == code);
  CHECK(outcome.out.empty());
  INFO(outcome.err);
  CHECK(has(outcome.err, message));
  CHECK(files_in(scratch()) == before);
}

}  // namespace

TEST_CASE("every template gives a project in which only its own name stands") {
  for (const auto& kind : kTemplates) {
    INFO(kind);
    const fs::path folder = fs::path(scratch()) / kind / "room_height";
    fs::create_directories(folder.parent_path());
    const Outcome outcome = program("tasks new room_height --template " + kind + " --dir " + kind);
    REQUIRE(outcome.code == 0);
    CHECK(outcome.err.empty());
    CHECK(files_in(folder) == std::vector<std::string>{"CMakeLists.txt", "README.md", "recipe.toml",
                                                       "room_height.cpp", "room_height_test.cpp"});
    for (const auto& name : files_in(folder)) {
      std::string text = read_file(folder / name);
      CHECK(has(text, "room_height"));
      for (const std::string ours = "taskonomy_"; has(text, ours);) text.erase(text.find(ours), ours.size());
      for (const char* left : {"my_task", "MyTask", "My task"}) CHECK_FALSE(has(text, left));
    }
    const std::string source = read_file(folder / (std::string("room_height") + ".cpp"));
    CHECK(has(source, "// Room height: "));
    CHECK(has(source, "TASKONOMY_EXPORT_TASK(RoomHeight, \"room_height\", "));
    CHECK(lines_of_code(read_file(folder / "CMakeLists.txt")) <= 5);
    CHECK(lines_of_code(source) <= 40);
    CHECK(has(read_file(folder / "README.md"), "`build/lib/taskonomy/taskonomy_task_room_height.so`"));
  }
}

TEST_CASE("the next three commands are printed, and are those of the README") {
  const Outcome outcome = program("datasets new street_views");
  REQUIRE(outcome.code == 0);
  const std::string readme = read_file(scratch() + "/street_views/README.md");
  std::istringstream lines(outcome.out.substr(outcome.out.find("next:\n") + 6));
  std::vector<std::string> commands;
  for (std::string line; std::getline(lines, line);) commands.push_back(line);
  REQUIRE(commands.size() == 4);
  CHECK(has(readme, "`build/lib/taskonomy/taskonomy_dataset_street_views.so`"));
  CHECK(commands[0] == "  cd street_views");
  for (std::size_t i = 1; i < commands.size(); ++i) CHECK(has(readme, "  " + commands[i] + "\n"));
}

TEST_CASE("a name that is no id, a word of C++ or taken is refused with one that would do") {
  const auto refused = [](const std::string& name, const std::string& message) {
    check_refused(name + " --template pixel", 1, message);
  };
  refused("RoomHeight", "\"RoomHeight\" is no id");
  refused("RoomHeight", "\"room_height\" would do");
  refused("3d_edges", "\"my_3d_edges\" would do");
  refused("room-height", "\"room_height\" would do");
  refused("../room", "\"room\" would do");
  refused("h\303\266he", "\"h_he\" would do");
  refused("''", "would do");
  refused("double", "\"double\" is a word of C++ itself; \"my_double\" would do");
  refused("normal",
          "task \"normal\" exists already: " TASKONOMY_BINARY_DIR "/lib/taskonomy/taskonomy_task_normal.so");
  refused("fixture_good --plugin-dir " TASKONOMY_BINARY_DIR "/fixtures/taskonomy", "exists already");
  CHECK(program("datasets new scenes").code == 1);
  CHECK(program("datasets new normal").code == 0);  // a task's id is free for a dataset
}

TEST_CASE("existing folders, places that cannot be written, unknown templates are refused") {
  fs::create_directories(fs::path(scratch()) / "full/taken");
  file("full/taken/thesis.txt", "years of work");
  file("full/a_file", "");
  check_refused("taken --template pixel --dir full", 1, "full/taken exists already");
  CHECK(files_in(fs::path(scratch()) / "full/taken") == std::vector<std::string>{"thesis.txt"});
  check_refused("a_file --template pixel --dir full", 1, "full/a_file exists already");
  check_refused("fresh --template pixel --dir full/a_file", 1, "a_file is no folder");
  check_refused("fresh --template pixel --dir nowhere", 1, "mkdir -p '" + scratch() + "/nowhere'");
  check_refused(std::string(300, 'a') + " --template pixel", 1,
                "choose another place, --dir DIR, or another name");
  check_refused("fresh --template pixel --dir /proc", 1, "cannot make the folder");
  check_refused("fresh --template pixl", 2, "got \"pixl\"; did you mean \"pixel\"?");
  check_refused("fresh", 2, "needs --template pixel|vector|classification|self-supervised|pair|script");
  check_refused("--template pixel", 2, "NAME");
}

TEST_CASE("tasks of the gallery keep the contract") {
  for (const std::string id : {"inverse_depth", "nearer_view"}) {
    const Outcome outcome =
        program("tasks check " TASKONOMY_BINARY_DIR "/gallery/taskonomy/taskonomy_task_" + id + ".so");
    INFO(outcome.out);
    CHECK(outcome.code == 0);
  }
}

TEST_CASE("plugins made from all templates take part in a run and appear in its affinities") {
  const auto recipe =
      file("scaffolded.toml",
           tiny_recipe({.tasks = {"scaffolded_pixel", "scaffolded_vector", "scaffolded_classification",
                                  "scaffolded_self_supervised", "scaffolded_pair", "normal"},
                        .source_steps = 6,
                        .transfer_steps = 4,
                        .orders = "[1]"}));
  const Outcome outcome =
      program("run " + recipe + " --out " + scratch() +
              "/scaffolded --workers 1 --plugin-dir " TASKONOMY_BINARY_DIR "/scaffold/taskonomy");
  INFO(outcome.err);
  REQUIRE(outcome.code == 0);
  const std::string table = read_file(scratch() + "/scaffolded/affinity.csv");
  for (auto id : kTemplates) {
    std::replace(id.begin(), id.end(), '-', '_');
    INFO(id);
    CHECK(has(table, "normal,scaffolded_" + id + ","));
    CHECK(has(table, "scaffolded_" + id + ",normal,"));
  }
}
