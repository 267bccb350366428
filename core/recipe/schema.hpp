// Every key that the host itself knows: where it stands, its type and range, and the field of Recipe that it
// fills. One table feeds reading, checking, writing and "did you mean".
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/recipe/recipe.hpp"

namespace taskonomy::recipe {

/// One key of the host.
struct Field {
  std::string section;  ///< "" for the keys above the first section
  std::string key;
  std::string expected;  ///< "an integer of at least 1"
  bool required = false;
  std::function<bool(Recipe&, const Value&)> read;  ///< false: not what was expected
  std::function<std::string(const Recipe&)> toml;   ///< the field's value as TOML
};

/// All fields, in the order of the written recipe.
[[nodiscard]] const std::vector<Field>& fields();

/// What a key `start` takes.
inline constexpr const char* kStartExpected =
    "\"none\", the folder of a run, or a safetensors file, as in \"runs/rooms\"";
/// The value of a key `start`: "none", or a path made absolute; nothing for any other. A relative path goes
/// by the recipe's folder, on the command line by the current one.
[[nodiscard]] std::optional<std::string> read_start(const Value& value, const Recipe& recipe);

/// "[source] steps", or "seed" above the first section.
[[nodiscard]] std::string label(const std::string& section, const std::string& key);

}  // namespace taskonomy::recipe
