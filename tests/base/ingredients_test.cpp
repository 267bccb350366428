// Ingredients of keys: no two different lists give one text, every text reads back, differences have names.
#include "core/base/ingredients.hpp"

#include <cmath>
#include <compare>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/base/error.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;
using base::Ingredients;

namespace {

template <typename T>
std::string text_of(const T& value) {
  return Ingredients().add("x", value).text();
}

/// Short texts of the letters that the encoding itself uses: the ones most likely to be
/// mistaken for its structure.
std::string awkward_text(std::mt19937& random) {
  const std::string letters = "a1:0 \nt;,";
  std::string text(random() % 4, ' ');
  for (char& letter : text) letter = letters[random() % letters.size()];
  return text;
}

/// The same field without the encoding: which type it has and what it holds.
struct Field {
  std::string type;
  std::vector<std::string> parts;
  // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 sees the 0 of the comparisons that this makes
  auto operator<=>(const Field&) const = default;
};

/// Adds a field of a random type to `list` and returns what was added.
Field add_random(Ingredients& list, const std::string& name, std::mt19937& random) {
  const std::string text = awkward_text(random);
  switch (random() % 7) {
    case 0:
      list.add(name, text);
      return {"text", {text}};
    case 1: {
      const int value = static_cast<int>(random() % 25) - 12;
      list.add(name, value);
      return {"integer", {std::to_string(value)}};
    }
    case 2: {
      const bool value = random() % 2 == 0;
      list.add(name, value);
      return {"boolean", {value ? "yes" : "no"}};
    }
    case 6:
      list.add(name, base::Literal{text});
      return {"literal", {text}};
    case 3:
      list.add(name, std::optional<std::string>());
      return {"nothing", {}};
    case 4: {
      std::vector<std::string> values(random() % 3);
      for (auto& value : values) value = awkward_text(random);
      list.add(name, values);
      return {"list", values};
    }
    default: {
      std::map<std::string, std::string> values;
      for (std::size_t i = random() % 3; i > 0; --i) values[awkward_text(random)] = awkward_text(random);
      list.add(name, values);
      Field field{"map", {}};
      for (const auto& [key, value] : values) field.parts.insert(field.parts.end(), {key, value});
      return field;
    }
  }
}

std::vector<std::string> changes(const Ingredients& old, const Ingredients& now) {
  std::vector<std::string> texts;
  for (const auto& change : differences(old, now)) texts.push_back(change.text());
  return texts;
}

}  // namespace

TEST_CASE("different lists give different texts, the same list the same one, and every text reads back") {
  std::mt19937 random(1);
  std::map<std::string, std::map<std::string, Field>> seen;
  std::map<std::map<std::string, Field>, std::string> texts;
  for (int round = 0; round < 30000; ++round) {
    Ingredients list;
    std::map<std::string, Field> fields;
    for (std::size_t i = random() % 3; i > 0; --i) {
      const std::string name = awkward_text(random);
      if (fields.count(name) == 0) fields[name] = add_random(list, name, random);
    }
    const std::string text = list.text();
    REQUIRE(seen.emplace(text, fields).first->second == fields);
    REQUIRE(texts.emplace(fields, text).first->second == text);
    REQUIRE(Ingredients::parse(text) == list);
    REQUIRE(Ingredients::parse(text).text() == text);
  }
  CHECK(seen.size() > 5000);
}

TEST_CASE("lists that glue to one text by hand are told apart") {
  CHECK(Ingredients().add("a", "1;b=2").text() != Ingredients().add("a", "1").add("b", "2").text());
  const std::vector<std::string> one{"a,b"}, two{"a", "b"}, none, empty{""};
  CHECK(text_of(one) != text_of(two));
  CHECK(text_of(none) != text_of(empty));
  CHECK(text_of(std::vector<std::vector<int>>{{1}, {2}}) != text_of(std::vector<std::vector<int>>{{1, 2}}));
  CHECK(text_of(1) != text_of(1.0));
  CHECK(text_of(1) != text_of("1"));
  CHECK(text_of(1) != text_of(true));
  CHECK(text_of("a") != text_of(base::Literal{"a"}));
  CHECK(text_of(std::optional<int>()) != text_of("none"));
  CHECK(text_of(std::int64_t{-1}) != text_of(std::uint64_t{18446744073709551615U}));
  CHECK(text_of("") != text_of(none));
}

TEST_CASE("doubles count to their last bit") {
  for (const double value : {0.1, 1e-300, 1.0 / 3.0, 0.1 + 0.2}) {
    CHECK(text_of(value) != text_of(std::nextafter(value, 1.0)));
    CHECK(std::stod(Ingredients().add("x", value).fields().front().second) == value);
  }
  CHECK(text_of(0.0) != text_of(-0.0));
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(text_of(nan) == text_of(nan));
}

TEST_CASE(
    "the order of adding does not count; a section's names begin with its own; no name is taken twice") {
  const auto source = Ingredients().add("steps", 300).add("rate", 0.1);
  const auto list = Ingredients().add("source", source).add("seed", 7);
  const auto other = Ingredients().add("seed", 7).add("source.rate", 0.1).add("source.steps", 300);
  CHECK(list.text() == other.text());
  CHECK(list.fingerprint() == other.fingerprint());
  CHECK(list.fields() == std::vector<std::pair<std::string, std::string>>{
                             {"seed", "7"}, {"source.rate", "0.1"}, {"source.steps", "300"}});
  CHECK_THROWS_AS(Ingredients(list).add("source.steps", 301), std::logic_error);
  CHECK_THROWS_AS(Ingredients(list).add("source", Ingredients().add("steps", 1)), std::logic_error);
}

TEST_CASE("values are shown as a person reads them") {
  const auto shown = [](const auto& value) { return Ingredients().add("x", value).fields().front().second; };
  CHECK(shown("photos") == "\"photos\"");
  CHECK(shown(base::Literal{"[1, 2]"}) == "[1, 2]");
  CHECK(shown(0.1) == "0.1");
  CHECK(shown(false) == "false");
  CHECK(shown(std::vector<int>{1, 2}) == "[1, 2]");
  CHECK(shown(std::vector<bool>{true, false}) == "[true, false]");
  CHECK(shown(std::set<std::string>{"b", "a"}) == "[\"a\", \"b\"]");
  CHECK(shown(std::map<std::string, double>{{"b", 2.5}, {"a", 1}}) == "{a: 1, b: 2.5}");
  CHECK(shown(std::optional<int>(3)) == "3");
  CHECK(shown(std::optional<int>()) == "none");
}

TEST_CASE("differences name what changed, what came and what went") {
  const auto old = Ingredients().add("source.steps", 300).add("seed", 1).add("gone", "x");
  const auto now = Ingredients().add("source.steps", 400).add("seed", 1).add("new", 0.5);
  CHECK(changes(old, now) ==
        std::vector<std::string>{"gone: \"x\" -> none", "new: none -> 0.5", "source.steps: 300 -> 400"});
  CHECK(changes(old, old).empty());
  CHECK(changes(Ingredients::parse(old.text()), now).size() == 3);

  const std::string many(200, 'a');
  const auto long_change = changes(Ingredients().add("x", many + "1"), Ingredients().add("x", many + "2"));
  REQUIRE(long_change.size() == 1);
  CHECK(long_change.front().size() < 180);
  const auto arrow = long_change.front().find(" -> ");
  CHECK(long_change.front().substr(3, arrow - 3) != long_change.front().substr(arrow + 4));
}

TEST_CASE("texts that are no list of ingredients are refused, wherever one is cut or changed") {
  const std::string whole = Ingredients()
                                .add("a", std::vector<std::string>{"x", "yy"})
                                .add("b", std::map<std::string, int>{{"k", 1}})
                                .text();
  for (std::size_t length = 1; length < whole.size(); ++length) {
    // Cut exactly behind the first field, it is a shorter list.
    if (whole[length - 1] == '\n' && whole[length] == '1') continue;
    CHECK_THROWS_AS(static_cast<void>(Ingredients::parse(whole.substr(0, length))), base::Error);
  }
  for (const std::string& text :
       {std::string("split=1;seed=2"), std::string("1:a i1:1"), std::string("01:a i1:1\n"),
        std::string("1:a x1:1\n"), std::string("1:b i1:1\n1:a i1:1\n"), std::string("1:a i1:1\n1:a i1:1\n"),
        std::string("1:a l3:i9:\n"), std::string("99999999999999999999:a i1:1\n"),
        std::string("-1:a i1:1\n")})
    CHECK_THROWS_AS(static_cast<void>(Ingredients::parse(text)), base::Error);
  std::string deep = "i1:1";
  for (int i = 0; i < 10000; ++i) deep = "l" + std::to_string(deep.size()) + ":" + deep;
  CHECK_THROWS_AS(static_cast<void>(Ingredients::parse("1:a " + deep + "\n")), base::Error);
  CHECK(Ingredients::parse("").fields().empty());
}
