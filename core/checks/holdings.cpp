#include "core/checks/holdings.hpp"

#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <iterator>

// Where AddressSanitizer replaces malloc, it alone knows.
extern "C" __attribute__((weak)) std::size_t __sanitizer_get_current_allocated_bytes();

namespace taskonomy::checks {

namespace {

/// What a call must keep for ever to be noticed: the smallest block that malloc gives; and a round of few
/// calls, because a leak of less than a kilobyte cannot be told from malloc's own stores.
constexpr double kLeastBytes = 16.0;
constexpr double kLeastOfRound = 1600.0;

std::uint64_t heap_bytes() {
  if (__sanitizer_get_current_allocated_bytes != nullptr) return __sanitizer_get_current_allocated_bytes();
  const struct mallinfo2 info = ::mallinfo2();
  return info.uordblks + info.hblkhd;
}

std::size_t open_descriptors() {
  std::error_code failed;
  std::filesystem::directory_iterator entries("/proc/self/fd", failed);
  if (failed) return 0;
  return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
}

using Clock = std::chrono::steady_clock;
constexpr std::size_t kRounds = 10;
constexpr auto kLongestRound = std::chrono::milliseconds(500);

/// What one call keeps, on average over a round.
struct Growth {
  std::size_t calls = 0;
  double bytes = 0.0;
  double descriptors = 0.0;
  [[nodiscard]] bool none() const {
    return (bytes < kLeastBytes || bytes * static_cast<double>(calls) < kLeastOfRound) && descriptors < 0.5;
  }
};

Growth growth_in_round(std::size_t calls, const std::function<void()>& call) {
  const Holdings before = holdings_now();
  const auto end = Clock::now() + kLongestRound;
  Growth growth;
  do {
    call();
    ++growth.calls;
  } while (growth.calls < calls && Clock::now() < end);
  const Holdings after = holdings_now();
  const auto per_call = [&](auto from, auto to) {
    return (static_cast<double>(to) - static_cast<double>(from)) / static_cast<double>(growth.calls);
  };
  growth.bytes = per_call(before.heap, after.heap);
  growth.descriptors = per_call(before.descriptors, after.descriptors);
  return growth;
}

std::string whole(double value) { return std::to_string(static_cast<long>(std::max(0.0, value) + 0.5)); }

}  // namespace

Holdings holdings_now() { return {heap_bytes(), open_descriptors()}; }

std::optional<std::string> growth_over(std::size_t calls, const std::function<void()>& call) {
  Growth least = growth_in_round(calls, call);
  for (std::size_t round = 1; round < kRounds && !least.none(); ++round) {
    const Growth growth = growth_in_round(calls, call);
    if (growth.none() || growth.bytes < least.bytes) least = growth;
  }
  if (least.none()) return std::nullopt;
  return whole(least.bytes) + " bytes and " + whole(least.descriptors) + " open files a call, in each of " +
         std::to_string(kRounds) + " rounds of " + std::to_string(least.calls) + " calls";
}

}  // namespace taskonomy::checks
