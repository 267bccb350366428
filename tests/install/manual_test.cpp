// The manual page and bash's completion say what the program's own help says.
#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "tests/install/workshop.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy::install_test;

namespace {

/// What bash offers for a command line whose last word, maybe an empty one, is being typed.
std::vector<std::string> completed(const std::string& line) {
  const std::string script = "source '" +
                             (moved_prefix() / "share/bash-completion/completions/taskonomy").string() +
                             "'\n" + "COMP_WORDS=(" + program() + " " + line + ")\n" +
                             "COMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n"
                             "_taskonomy\n"
                             "printf '%s\\n' \"${COMPREPLY[@]}\"\n";
  write("complete.bash", script);
  std::vector<std::string> words;
  std::istringstream text(shell("bash complete.bash").text);
  for (std::string word; std::getline(text, word);) {
    if (!word.empty()) words.push_back(word);
  }
  return words;
}

bool offers(const std::vector<std::string>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// The options and commands that a help text lists: the first words of its indented lines, "--name" or
/// "name".
std::vector<std::string> listed(const std::string& help) {
  std::vector<std::string> words;
  std::istringstream text(help.substr(0, help.find("\nexamples:")));
  for (std::string line; std::getline(text, line);) {
    if (line.rfind("  ", 0) != 0 || line.size() < 3 || line[2] == ' ') continue;
    words.push_back(line.substr(2, line.find(' ', 2) - 2));
  }
  return words;
}

}  // namespace

TEST_CASE("every command, subcommand and option of the help is completed") {
  const auto commands = listed(shell(program() + " --help").text);
  REQUIRE(commands.size() > 10);
  const auto offered = completed("''");
  for (const auto& command : commands) {
    INFO(command);
    CHECK(offers(offered, command));
    const auto after = listed(shell(program() + " " + command + " --help").text);
    CHECK_FALSE(after.empty());
    const auto words = completed(command + " ''");
    const auto options = completed(command + " --");
    for (const auto& word : after) {
      INFO(word);
      CHECK(offers(word.front() == '-' ? options : words, word));
    }
  }
}

TEST_CASE("values and arguments are completed: choices, ids, folders") {
  CHECK(completed("so") == std::vector<std::string>{"solve"});
  CHECK(completed("solve --bu") == std::vector<std::string>{"--budget"});
  CHECK(completed("solve --format ''") == std::vector<std::string>{"text", "json", "csv"});
  CHECK(completed("tasks show depth_z") == std::vector<std::string>{"depth_zbuffer"});
  CHECK(completed("datasets show sce") == std::vector<std::string>{"scenes"});
  CHECK(completed("tasks list --plugin-dir hom") == std::vector<std::string>{"home"});
  CHECK(completed("nonsense --x").empty());
}

TEST_CASE("the manual page has every command and option") {
  const std::string page = "gzip -dc '" + (moved_prefix() / "share/man/man1/taskonomy.1.gz").string() + "'";
  std::string text = shell(page + " | sed 's/\\\\-/-/g'").text;
  for (const auto& command : listed(shell(program() + " --help").text)) {
    INFO(command);
    CHECK(text.find(".SS taskonomy " + command) != std::string::npos);
    for (const auto& word : listed(shell(program() + " " + command + " --help").text)) {
      INFO(word);
      const std::string line = word.front() == '-' ? ".B " + word : ".SS taskonomy " + command + " " + word;
      CHECK(text.find(line) != std::string::npos);
    }
  }
  CHECK(text.find("@COMMANDS@") == std::string::npos);
}
