// The clock of waiting: it never goes back.
#pragma once

#include <chrono>

namespace taskonomy::cluster {

using Clock = std::chrono::steady_clock;

[[nodiscard]] inline double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

}  // namespace taskonomy::cluster
