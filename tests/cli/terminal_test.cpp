// What the program shows on a terminal: colour where it is taken, lines as wide as the terminal.
#include <algorithm>
#include <sstream>
#include <string>

#include "tests/cli/binary.hpp"
#include "tests/cli/terminal.hpp"
#include "tests/support/testing.hpp"
#include "tests/support/text.hpp"

namespace {

using taskonomy::cli_test::file;
using taskonomy::cli_test::kBuild;
using taskonomy::cli_test::kPublished;
using taskonomy::cli_test::Terminal;
using taskonomy::tests::has;

/// What `taskonomy ARGUMENTS` shows on a terminal of this many columns; `environment`: "NAME=VALUE ...".
std::string on_terminal(const std::string& arguments, const std::string& environment = "",
                        unsigned short columns = 100) {
  const std::string command = "unset NO_COLOR COLUMNS; export TERM=xterm; " +
                              (environment.empty() ? std::string() : "export " + environment + "; ") +
                              "exec '" + kBuild + "/bin/taskonomy' " + arguments;
  return Terminal(command, columns).rest();
}

std::string coloured_table() {
  return file("coloured.csv",
              "sources,target,affinity,more\nnormal,normal,0.6,1\ndepth,normal,0.3,1\ndepth,depth,0.7,1\n");
}

}  // namespace

TEST_CASE("a terminal gets colour, unless the person or the terminal says no; the words are the same") {
  const std::string command = "solve " + coloured_table() + " --budget 2";
  const std::string shown = on_terminal(command);
  CHECK(has(shown, "\x1b[33mwarning:\x1b[0m "));
  CHECK(has(shown, "\x1b[1mTaxonomy at budget 2"));  // a heading
  CHECK(has(shown, "\x1b[1mtarget"));                // the head of a table
  CHECK_FALSE(has(shown, "\x1b[1mdepth"));           // but not the row above its foot
  const std::string plain = on_terminal(command, "NO_COLOR=1");
  CHECK_FALSE(has(plain, "\x1b"));
  CHECK(on_terminal(command, "TERM=dumb") == plain);
  std::string without;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    if (shown[i] == '\x1b')
      i = shown.find('m', i);
    else
      without += shown[i];
  }
  CHECK(without == plain);
  CHECK(has(on_terminal("solve nowhere.csv"), "\x1b[1;31merror:\x1b[0m nowhere.csv"));
  CHECK_FALSE(has(on_terminal(command + " 2>&1 | cat"), "\x1b"));
}

TEST_CASE("tables and sentences keep to the terminal, and break no word") {
  for (const unsigned short columns : {60, 80, 100}) {
    for (const std::string& command :
         {"solve " + kPublished + " --cost random=0",
          "solve " + kPublished + " --cost random=0 --budget 8 --best 3",
          "solve " + kPublished + " --cost random=0 --budget 8 --why normal", "tree " + kPublished,
          "analyse " + kPublished + " --max-order 2 --random 10",
          "compare " + kPublished + " " + kPublished}) {
      CAPTURE(command);
      CAPTURE(columns);
      std::istringstream lines(on_terminal(command, "NO_COLOR=1", columns));
      for (std::string line; std::getline(lines, line);) CHECK_MESSAGE(line.size() <= columns, line);
    }
  }
}
