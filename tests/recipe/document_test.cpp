// Recipes from strangers: keys that would use up the stack are refused; dots in other places do not count.
#include "core/recipe/document.hpp"

#include <string>

#include "core/base/error.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;

namespace {

/// A key of so many names, bare and quoted, with the blanks that TOML allows around dots.
std::string names(std::size_t count) {
  std::string key = "a";
  for (std::size_t i = 1; i < count; ++i) key += i % 3 == 0 ? " . \"a.#'=\"" : i % 3 == 1 ? ".b" : ".'c.\"'";
  return key;
}

/// The message with which a text is refused, "" when it is not.
std::string refusal(const std::string& text) {
  try {
    static_cast<void>(recipe::parse_document(text, "demo.toml"));
    return "";
  } catch (const base::Error& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("a key of more names than any recipe has is refused at its line") {
  const std::string before = "# it's \"\nname = \"a\\\"\" # \"\ntext = '''\n\"\\'''\n";
  CHECK(refusal(before + names(64) + " = 1\n").empty());
  for (const std::string& line : {"[" + names(65) + "]", "[[" + names(65) + "]]", names(65) + " = 1",
                                  "x = {y = 1, " + names(65) + " = 1}", "[" + names(100000) + "]"})
    CHECK(refusal(before + line + "\n") == "demo.toml:5: a key of more than 64 names joined by dots");
}

TEST_CASE("dots in comments, strings and lists of numbers do not count") {
  const std::string dots(500, '.');
  std::string numbers = "0.5";
  for (int i = 0; i < 500; ++i) numbers += ", 1.5";
  CHECK(recipe::line_of_deep_key("# " + dots + "\nx = \"" + dots + "\"\ny = '" + dots + "' # " + dots, 64) ==
        0);
  CHECK(recipe::line_of_deep_key("x = \"\"\"" + dots + "\n\\\"\"\" " + dots + "\"\"\"", 64) == 0);
  CHECK(recipe::line_of_deep_key("x = '''" + dots + "\n\"\"\"" + dots + "'''", 64) == 0);
  CHECK(recipe::line_of_deep_key("x = [" + numbers + "]", 64) == 0);
  CHECK(recipe::line_of_deep_key("", 64) == 0);
  CHECK(recipe::line_of_deep_key("x = \"open\n" + dots, 64) == 2);  // a string ends with its line
}
