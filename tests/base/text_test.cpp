// Text: nearest names, numbers that read back, comma-separated values.
#include "core/base/text.hpp"

#include <cstdlib>
#include <random>

#include "core/base/csv.hpp"
#include "core/base/error.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;

TEST_CASE("the nearest name forgives one letter, a swap, a third of a long word, and no more") {
  const std::vector<std::string> names{"solve", "status", "depth_zbuffer", "normal"};
  CHECK(base::nearest("solv", names) == "solve");
  CHECK(base::nearest("sovle", names) == "solve");
  CHECK(base::nearest("depht_zbufer", names) == "depth_zbuffer");
  CHECK(base::nearest("q", names).empty());
  CHECK(base::nearest("reshading", names).empty());
  CHECK(base::did_you_mean("norml", names) == "; did you mean \"normal\"?");
  CHECK(base::did_you_mean("xyz", names).empty());
}

TEST_CASE("numbers read back the same and are as short as can be") {
  std::mt19937_64 engine(3);
  for (int i = 0; i < 1000; ++i) {
    const double value = std::ldexp(static_cast<double>(engine()), static_cast<int>(engine() % 200) - 150);
    CHECK(std::strtod(base::number(value).c_str(), nullptr) == value);
  }
  CHECK(base::number(8) == "8");
  CHECK(base::number(0.1) == "0.1");
}

TEST_CASE("seconds and bytes as a person reads them") {
  CHECK(base::duration(3.4) == "3 s");
  CHECK(base::duration(125) == "2 min 05 s");
  CHECK(base::duration(4800) == "1 h 20 min");
  CHECK(base::byte_size(0) == "0 B");
  CHECK(base::byte_size(999) == "999 B");
  CHECK(base::byte_size(12345678) == "12.3 MB");
  CHECK(base::byte_size(3e15) == "3000.0 TB");
}

TEST_CASE("any cells written as CSV read back the same, with the line each record begins on") {
  const std::vector<std::vector<std::string>> rows{
      {"a", "b,c", "d\"e"}, {"", " f ", "two\nlines"}, {"x", "", ""}};
  std::string text;
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) text += (i ? "," : "") + base::csv_cell(row[i]);
    text += "\r\n";
  }
  const auto records = base::parse_csv(text, "t.csv");
  REQUIRE(records.size() == 3);
  for (std::size_t i = 0; i < rows.size(); ++i) CHECK(records[i].cells == rows[i]);
  CHECK(records[1].line == 2);
  CHECK(records[2].line == 4);
  CHECK(base::parse_csv("", "t").empty());
  CHECK(base::parse_csv("a", "t").size() == 1);
  CHECK_THROWS_WITH_AS((void)base::parse_csv("a\n\"b", "t"), "t:2: a quote is opened here and never closed",
                       base::Error);
}

TEST_CASE("a byte 0 makes no CSV: UTF-16 and binary files are refused with their line") {
  CHECK_THROWS_WITH_AS(
      (void)base::parse_csv(std::string("a,b\nc\0,d\n", 9), "t"),
      "t:2: holds a byte 0, which no text has; expected UTF-8 (is this UTF-16, or no CSV file?)",
      base::Error);
}

TEST_CASE("words for the shell: quoted only where it would read them otherwise") {
  using taskonomy::base::shell_quoted;
  for (const std::string plain :
       {"runs/demo", "transfer/normal/a+b", "source.steps=3", "/a-b_c.d:e", "Übung"})
    CHECK(shell_quoted(plain) == plain);
  CHECK(shell_quoted("") == "''");
  CHECK(shell_quoted("a b") == "'a b'");
  CHECK(shell_quoted("~/x") == "'~/x'");
  CHECK(shell_quoted("it's $x") == "'it'\\''s $x'");
  CHECK(shell_quoted("a\nb;c") == "'a\nb;c'");
}

TEST_CASE("the first of a list, and how many are left") {
  CHECK(taskonomy::base::join_first({}, ", ", 2).empty());
  CHECK(taskonomy::base::join_first({"a", "b"}, ", ", 2) == "a, b");
  CHECK(taskonomy::base::join_first({"a", "b", "c"}, ", ", 2) == "a, b and 1 more");
}

TEST_CASE("texts are padded to a width and never cut; control letters are those that terminals obey") {
  CHECK(taskonomy::base::pad("ab", 4) == "ab  ");
  CHECK(taskonomy::base::pad("abcde", 4) == "abcde");
  for (const char letter : {'\x1b', '\n', '\0', '\x7f', '\x1f'}) CHECK(taskonomy::base::is_control(letter));
  for (const char letter : {' ', 'a', '~', '\xc3'}) CHECK_FALSE(taskonomy::base::is_control(letter));
}
