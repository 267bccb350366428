// What the program says of its commands, and how it answers a command, an option or a format that it does not
// have.
#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "core/base/files.hpp"
#include "tests/cli/binary.hpp"
#include "tests/support/testing.hpp"
#include "tests/support/text.hpp"

namespace {

using taskonomy::cli_test::kBuild;
using taskonomy::cli_test::program;
using taskonomy::cli_test::refused;
using taskonomy::tests::has;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

const std::string& all_help() {
  static const std::string text = program("help --all").out;
  return text;
}

/// A command that `help --all` explains: "solve", "tasks", "tasks show", ...
struct Named {
  std::string name;
  bool has_subcommands = false;
};

std::vector<Named> commands() {
  const std::string start = "usage: taskonomy ";
  std::vector<Named> all;
  for (const auto& line : lines_of(all_help())) {
    if (line.rfind(start, 0) != 0 || has(line, " COMMAND ")) continue;
    std::istringstream words(line.substr(start.size()));
    Named command{"", has(line, "[ARGUMENTS]")};
    // Names are in lower case; arguments, options and the list of subcommands are not of letters alone.
    for (std::string word;
         words >> word && word.find_first_not_of("abcdefghijklmnopqrstuvwxyz") == std::string::npos;)
      command.name += (command.name.empty() ? "" : " ") + word;
    all.push_back(command);
  }
  return all;
}

}  // namespace

TEST_CASE("help, version, unknown commands") {
  CHECK(program("").code == 0);
  CHECK(program("").out == program("--help").out);
  CHECK(has(program("--help").out, "solve TABLE|RUN"));
  CHECK(program("--version").out.rfind("taskonomy ", 0) == 0);
  CHECK(has(program("solve --help").out, "--max-order"));
  refused("sovle", 2, "unknown command \"sovle\"; did you mean \"solve\"?");
  refused("help sovle", 2, "did you mean \"solve\"?");
  refused("help tasks shwo", 2, "tasks: unknown subcommand \"shwo\"; did you mean \"show\"?");
  refused("datasets lst", 2, "datasets: unknown subcommand \"lst\"; did you mean \"list\"?");
  refused("data", 2, "data: say one of preview, lint, export");
}

TEST_CASE("each command's help is a part of all help, and within 80 columns") {
  for (const auto& line : lines_of(all_help())) CHECK_MESSAGE(line.size() <= 80, line);
  CHECK(commands().size() >= 26);  // 22 commands and subcommands, and the four that have subcommands
  for (const auto& command : commands()) {
    CAPTURE(command.name);
    const auto help = program(command.name + " --help");
    CHECK(help.code == 0);
    CHECK(has(all_help(), "\n" + help.out));
  }
  for (const std::string name : {"solve", "tasks", "tasks show"})
    CHECK(program("help " + name).out == program(name + " --help").out);
}

TEST_CASE("README's table has every command") {
  const std::string readme = taskonomy::base::read_file(TASKONOMY_SOURCE_DIR "/README.md");
  for (const Named& command : commands()) {
    const std::string& name = command.name;
    // A command with subcommands has those in the table.
    const bool found = has(readme, "`taskonomy " + name) || has(readme, ", `" + name);
    CHECK_MESSAGE((command.has_subcommands || found), name);
  }
}

TEST_CASE("--json is --format json; a format that there is not is refused") {
  const auto json = program("sdk info --format json");
  CHECK(json.code == 0);
  CHECK(nlohmann::json::accept(json.out));
  CHECK(program("sdk info --json").out == json.out);
  CHECK(program("tasks list --json").out == program("tasks list --format json").out);
  CHECK(program("datasets list --format csv").out.rfind("id,summary,version,licence,file\nscenes,", 0) == 0);
  refused("sdk info --json --format text", 2, "--format and --json exclude each other");
  refused("sdk info --format jsn", 2, "--format: expected text, json, got \"jsn\"; did you mean \"json\"?");
  refused("tasks check normal --junit --json", 2, "--json and --junit exclude each other");
  refused("run a.toml --quiet --format json", 2, "--quiet and --format json exclude each other");
}

TEST_CASE("the program does not link LibTorch, which it loads for the commands that need it") {
  std::ifstream stream(kBuild + "/bin/taskonomy", std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
  CHECK(bytes.size() > 100'000);
  CHECK(has(bytes, "libstdc++.so"));  // the names of what it links stand in it as text
  for (const auto* name : {"libtorch.so", "libtorch_cpu.so", "libc10.so", "libtaskonomy_sdk.so"})
    CHECK_FALSE(has(bytes, name));
}

// PyPI's LibTorch exports std::filesystem and more of the C++ library that it was made with. A call that lands there
// jumps to nowhere.
TEST_CASE("program and plugins find the C++ library before LibTorch's parts of one") {
  const std::string binding = "binding file ";
  const std::string log = taskonomy::cli_test::scratch() + "/bindings";
  const auto shown =
      program("tasks show normal >/dev/null 2>&1; LD_BIND_NOW=1 LD_DEBUG=bindings LD_DEBUG_OUTPUT='" + log +
              "' '" + kBuild + "/bin/taskonomy' tasks show normal");
  CHECK(shown.code == 0);
  std::size_t to_library = 0;
  for (const auto& entry : std::filesystem::directory_iterator(taskonomy::cli_test::scratch())) {
    if (!entry.path().filename().string().starts_with("bindings.")) continue;
    for (const auto& line : lines_of(taskonomy::base::read_file(entry.path()))) {
      if (!has(line, "_ZNSt10filesystem") || !has(line, binding)) continue;
      const auto from = line.find(binding), to = line.find(" to ", from);
      const auto by = line.substr(from, to - from), bound = line.substr(to, line.find(':', to) - to);
      if (has(bound, "libstdc++.so")) ++to_library;
      CHECK_MESSAGE((has(by, "libtorch") || !has(bound, "libtorch")), line);
    }
  }
  CHECK(to_library > 10);
}

TEST_CASE("every command has an action, here or in the learning library") {
  // Each is called with arguments that it refuses or needs none of; what must not come is a missing action.
  for (const auto& command : commands()) {
    if (command.has_subcommands) continue;
    CAPTURE(command.name);
    const auto help = program(command.name + " --help").out;
    std::string call = command.name;
    std::istringstream words(lines_of(help).front().substr(std::string("usage: taskonomy ").size()));
    for (std::string word; words >> word;)
      if (word.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") != std::string::npos) call += " /nowhere";
    const auto said = program(call);
    CHECK(said.code < 5);
    CHECK_FALSE(has(said.err, "internal"));
  }
}
