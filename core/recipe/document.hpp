// A TOML file as plain values with their places, before anyone knows what the keys mean. The fence around
// toml++.
#pragma once

#include <map>
#include <string>
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

/// Reads TOML. Throws Error "NAME:LINE: ..." for bad syntax, a repeated key and values that no recipe can use
/// (dates, lists of mixed things).
[[nodiscard]] Document parse_document(const std::string& text, const std::string& name);

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
