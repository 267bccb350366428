// A TOML file as plain values with their places, before anyone knows what the keys mean. The rest of the
// program sees nothing of toml++.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/recipe/recipe.hpp"

namespace taskonomy::recipe {

/// One [section]: where its header stands, and its keys.
struct Section {
  std::string where;  ///< "demo.toml:14"
  Table entries;
};

/// Sections by dotted name: "" holds the keys above the first section, "task.normal" those of [task.normal].
using Document = std::map<std::string, Section>;

/// Reads TOML. Throws Error "NAME:LINE: ..." for bad syntax, a repeated key, a key of more than 64 names
/// joined by dots, and values that no recipe can use (dates, lists of mixed things).
[[nodiscard]] Document parse_document(const std::string& text, const std::string& name);

/// The line, from 1, of the first key of more than `most` names joined by dots (a.a.a.a) in a TOML text; 0
/// when there is none. toml++ makes a table in a table of each name without a bound, and walking through a
/// few thousand uses up the stack; lists and inline tables it bounds by itself. Dots in strings and
/// comments do not count.
[[nodiscard]] std::size_t line_of_deep_key(std::string_view toml, std::size_t most);

/// Puts "section.key=value" on top of a document; the value is TOML, and anything that is not is a text.
/// Throws Error "--set ...: ..." when it has no key or no '='.
void apply_override(Document& document, const std::string& override);

/// A value as TOML: "resnet_small" -> "\"resnet_small\"", 0.5 -> "0.5", 3.0 -> "3.0" (stays a real number).
[[nodiscard]] std::string toml_text(const Value& value);
[[nodiscard]] std::string toml_text(const std::string& text);
[[nodiscard]] std::string toml_text(double value);
/// A key, in quotes where TOML needs them.
[[nodiscard]] std::string toml_key(const std::string& key);

inline constexpr const char* kOverridePlace = "--set";  ///< Value::where of an override

}  // namespace taskonomy::recipe
