#include "core/checks/process_watch.hpp"

#include <fcntl.h>
#include <malloc.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <iterator>

#include "core/base/error.hpp"

// AddressSanitizer replaces malloc; then only this function, whose name is the sanitizer's own, knows how much is
// allocated.
// NOLINTNEXTLINE(readability-identifier-naming)
extern "C" __attribute__((weak)) std::size_t __sanitizer_get_current_allocated_bytes();

namespace taskonomy::checks {

namespace {

void empty_buffers() {
  std::cout.flush();
  std::cerr.flush();
  std::fflush(nullptr);
}

// The smallest leaks that are noticed, in bytes. A leak of one call is at least the smallest block that
// malloc gives; a round that keeps less than a kilobyte or two cannot be told from malloc's own stores.
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

std::string whole(double value) { return std::to_string(std::lround(std::max(0.0, value))); }

}  // namespace

CapturedOutput::CapturedOutput(int descriptor) : descriptor_(descriptor) {
  empty_buffers();
  original_ = ::fcntl(descriptor, F_DUPFD_CLOEXEC, 10);
  memory_ = ::memfd_create("taskonomy-output", MFD_CLOEXEC);
  if (original_ < 0 || memory_ < 0 || ::dup2(memory_, descriptor) < 0)
    throw base::Error(std::string("cannot capture output: ") + std::strerror(errno));
}

CapturedOutput::~CapturedOutput() {
  empty_buffers();
  ::dup2(original_, descriptor_);
  ::close(original_);
  ::close(memory_);
}

std::uint64_t CapturedOutput::size() const {
  empty_buffers();
  struct stat status {};
  return ::fstat(memory_, &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
}

std::string CapturedOutput::text(std::size_t most) const {
  std::string text(static_cast<std::size_t>(std::min<std::uint64_t>(size(), most)), '\0');
  const ssize_t got = ::pread(memory_, text.data(), text.size(), 0);
  text.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
  return text;
}

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
