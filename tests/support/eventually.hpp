// Waiting for what another process or thread is about to do, without a guess at how fast this machine is.
#pragma once

#include <chrono>
#include <functional>
#include <thread>

namespace taskonomy::tests {

/// Whether `holds` comes true. Returns as soon as it does. False after ten minutes, which is no measure of speed:
/// by then it never will.
inline bool eventually(const std::function<bool()>& holds) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(10);
  while (!holds()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return true;
}

}  // namespace taskonomy::tests
