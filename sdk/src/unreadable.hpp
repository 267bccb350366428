// What the readers of files from outside say.
#pragma once

#include <stdexcept>
#include <string>

namespace taskonomy::sdk {

/// `name`: of the file, for people.
[[noreturn]] inline void unreadable(const std::string& name, const std::string& reason) {
  throw std::runtime_error(name + ": " + reason);
}

}  // namespace taskonomy::sdk
