#include "core/conformance/holdings.hpp"

#include <malloc.h>

#include <algorithm>
#include <filesystem>
#include <iterator>

// Where AddressSanitizer replaces malloc, it alone knows.
extern "C" __attribute__((weak)) std::size_t __sanitizer_get_current_allocated_bytes();

namespace taskonomy::conformance {

namespace {

/// What a call must keep for ever to be noticed: the smallest block that malloc gives.
constexpr double kLeastBytes = 16.0;

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

/// What one call keeps, on average.
struct Growth {
  double bytes = 0.0;
  double descriptors = 0.0;
};

Growth growth_in(std::size_t calls, const std::function<void()>& call) {
  const Holdings before = holdings_now();
  for (std::size_t i = 0; i < calls; ++i) call();
  const Holdings after = holdings_now();
  const auto per_call = [calls](auto from, auto to) {
    return (static_cast<double>(to) - static_cast<double>(from)) / static_cast<double>(calls);
  };
  return {per_call(before.heap, after.heap), per_call(before.descriptors, after.descriptors)};
}

}  // namespace

Holdings holdings_now() { return {heap_bytes(), open_descriptors()}; }

std::optional<std::string> growth_over(std::size_t calls, const std::function<void()>& call) {
  constexpr std::size_t kWarmUp = 10;
  for (std::size_t i = 0; i < kWarmUp; ++i) call();
  const Growth first = growth_in(calls / 2, call);
  const Growth second = growth_in(calls / 2, call);
  const double bytes = std::min(first.bytes, second.bytes);
  const double descriptors = std::min(first.descriptors, second.descriptors);
  if (bytes < kLeastBytes && descriptors < 0.5) return std::nullopt;
  return std::to_string(static_cast<long>(std::max(0.0, bytes))) + " bytes and " +
         std::to_string(static_cast<long>(std::max(0.0, descriptors) + 0.5)) + " open files a call, over " +
         std::to_string(calls) + " calls";
}

}  // namespace taskonomy::conformance
