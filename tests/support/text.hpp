// What tests ask of the texts that a program prints.
#pragma once

#include <cstddef>
#include <string>

namespace taskonomy::tests {

/// `text` with each line break, and the indent behind it, as one space.
inline std::string unwrapped(const std::string& text) {
  std::string line;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\n') {
      line += text[at];
      continue;
    }
    line += ' ';
    while (at + 1 < text.size() && text[at + 1] == ' ') ++at;
  }
  return line;
}

/// Whether `text` says `part`, on one line or over several: where a program wraps its lines hangs on how long
/// the paths in them are.
inline bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos || unwrapped(text).find(part) != std::string::npos;
}

/// How often `part` begins in `text`.
inline std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

}  // namespace taskonomy::tests
