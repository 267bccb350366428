// What tests ask of the texts that a program prints.
#pragma once

#include <string>

namespace taskonomy::tests {

inline bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace taskonomy::tests
