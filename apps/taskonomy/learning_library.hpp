// The door between the two halves of the program. The program itself has all commands with their help and
// options, and does those that read tables and run folders. What needs LibTorch is done by a library beside
// it, lib/libtaskonomy_learning-VERSION.so (apps/learning), which is loaded only when such a command is
// called: loading LibTorch takes a second, in which `taskonomy --help` or `solve` would do nothing else.
// Both are built together and carry the version in the library's name, so that C++ values and exceptions may
// pass through the door.
#pragma once

#include "apps/taskonomy/command.hpp"

namespace taskonomy::cli {

/// The library's only exported function, `extern "C"`, under this name: does the action of the command with
/// values.path() ("run", "tasks show") as Command::run would. Throws std::logic_error for one that it does not
/// have.
using CallAction = base::ExitCode (*)(const Values& values);
inline constexpr const char* kCallAction = "taskonomy_call_action";

/// Does what the library has for the command: Command::run of those whose action is there. Loads the library
/// at the first call and keeps it. Throws base::Error naming the file when it cannot be loaded, and what the
/// action throws.
[[nodiscard]] base::ExitCode call_learning_library(const Values& values);

}  // namespace taskonomy::cli
