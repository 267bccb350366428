// Files that cannot be used.
#pragma once

#include <stdexcept>
#include <string>

namespace taskonomy_dataset {

/// Throws std::runtime_error "FILE: reason".
[[noreturn]] inline void fail(const std::string& file, const std::string& reason) {
  throw std::runtime_error(file + ": " + reason);
}

}  // namespace taskonomy_dataset
