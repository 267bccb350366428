#include "core/recipe/key_depth.hpp"

namespace taskonomy::recipe {

namespace {

/// Where the string or comment that begins at `at` ends: behind its last character.
std::size_t end_of(std::string_view toml, std::size_t at) {
  const auto behind = [&](std::size_t found, std::size_t size) {
    return found == std::string_view::npos ? toml.size() : found + size;
  };
  if (toml[at] == '#') return behind(toml.find('\n', at), 0);
  const char quote = toml[at];
  const std::string_view three = toml.substr(at, 3);
  const bool long_one = three == "\"\"\"" || three == "'''";
  for (std::size_t i = at + (long_one ? 3 : 1); i < toml.size(); ++i) {
    if (toml[i] == '\\' && quote == '"') {
      ++i;
    } else if (!long_one && (toml[i] == quote || toml[i] == '\n')) {
      return toml[i] == quote ? i + 1 : i;
    } else if (long_one && toml.substr(i, 3) == three) {
      return i + 3;
    }
  }
  return toml.size();
}

/// Whether a character may stand within a key, between its dots.
bool of_key(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
         c == ' ' || c == '\t';
}

}  // namespace

std::size_t line_of_deep_key(std::string_view toml, std::size_t most) {
  std::size_t line = 1, dots = 0;
  for (std::size_t i = 0; i < toml.size();) {
    const char c = toml[i];
    if (c == '#' || c == '"' || c == '\'') {
      const std::size_t end = end_of(toml, i);
      for (; i < end; ++i) line += toml[i] == '\n';
      continue;
    }
    if (c == '\n') ++line;
    if (c == '.') {
      if (++dots >= most) return line;
    } else if (!of_key(c)) {
      dots = 0;
    }
    ++i;
  }
  return 0;
}

}  // namespace taskonomy::recipe
