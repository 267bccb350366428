// Recipes with one mistake, and what is said about it.
#pragma once

#include <string>
#include <vector>

#include "core/base/error.hpp"
#include "core/recipe/recipe.hpp"
#include "tests/support/testing.hpp"

namespace taskonomy::recipe {

/// The message of the error that parsing gives, or "" when there is none.
inline std::string message_of(const std::string& text, const std::vector<std::string>& overrides = {}) {
  try {
    static_cast<void>(parse_recipe(text, "demo.toml", overrides));
  } catch (const base::Error& error) {
    return error.what();
  }
  return "";
}

/// `text` with one line replaced.
inline std::string with(std::string text, const std::string& line, const std::string& replacement) {
  const auto at = text.find(line);
  REQUIRE(at != std::string::npos);
  return text.replace(at, line.size(), replacement);
}

}  // namespace taskonomy::recipe
