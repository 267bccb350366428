// The commands' functions, each in its own file <name>_command.cpp. Results go to stdout, messages to stderr.
#pragma once

#include <string>
#include <vector>

#include "core/base/error.hpp"

namespace taskonomy::cli {}  // namespace taskonomy::cli
