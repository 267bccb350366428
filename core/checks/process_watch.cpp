#include "core/checks/process_watch.hpp"

#include <fcntl.h>
#include <malloc.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string_view>

#include "core/base/error.hpp"
#include "core/jobs/process.hpp"

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
// malloc keeps up to 7 freed blocks of each of 64 sizes for a thread, 231 KiB at most, and counts them as in use. Few
// calls fill them slowly: rounds that time cut short share them out among themselves.
constexpr double kStoresOfThread = 231.0 * 1024;
constexpr double kLeastPages = 2048.0, kLeastPagesOfRound = 256.0 * 1024;
constexpr double kMuch = 1024.0 * 1024 * 1024;  // bytes, after which nobody needs another round

std::uint64_t heap_bytes() {
  if (__sanitizer_get_current_allocated_bytes != nullptr) return __sanitizer_get_current_allocated_bytes();
  const struct mallinfo2 info = ::mallinfo2();
  return info.uordblks + info.hblkhd;
}

std::uint64_t resident_bytes() {
  // AddressSanitizer keeps what was freed.
  if (__sanitizer_get_current_allocated_bytes != nullptr) return 0;
  std::ifstream file("/proc/self/statm");
  std::uint64_t all = 0, resident = 0;
  file >> all >> resident;
  return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
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
  bool cut_short = false;
  double heap = 0.0;
  double resident = 0.0;
  double descriptors = 0.0;
  /// Memory that did not come from malloc shows only in pages, of which malloc's own stores take some, too.
  [[nodiscard]] bool of_pages() const {
    return resident >= kLeastPages && resident * static_cast<double>(calls) >= kLeastPagesOfRound;
  }
  [[nodiscard]] bool none() const {
    const double least = cut_short ? kStoresOfThread / kRounds : kLeastOfRound;
    const bool of_heap = heap >= kLeastBytes && heap * static_cast<double>(calls) >= least;
    return !of_heap && !of_pages() && descriptors < 0.5;
  }
  [[nodiscard]] double bytes() const { return of_pages() ? std::max(heap, resident) : heap; }
};

/// Whether much more memory is in use now.
bool kept_much(const Holdings& before) {
  const auto more = [](std::uint64_t from, std::uint64_t to) {
    return static_cast<double>(to) - static_cast<double>(from);
  };
  return std::max(more(before.heap, heap_bytes()), more(before.resident, resident_bytes())) > kMuch;
}

Growth growth_in_round(std::size_t calls, const std::function<void()>& call) {
  const Holdings before = holdings_now();
  const auto end = Clock::now() + kLongestRound;
  Growth growth;
  do {
    call();
    ++growth.calls;
  } while (growth.calls < calls && Clock::now() < end && !kept_much(before));
  growth.cut_short = growth.calls < calls;
  const Holdings after = holdings_now();
  const auto per_call = [&](auto from, auto to) {
    return (static_cast<double>(to) - static_cast<double>(from)) / static_cast<double>(growth.calls);
  };
  growth.heap = per_call(before.heap, after.heap);
  growth.resident = per_call(before.resident, after.resident);
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

namespace {

constexpr std::string_view kOffered = "y\nyes\n1\n";  // what a program may wait for

}  // namespace

OfferedInput::OfferedInput() {
  int ends[2] = {-1, -1};
  if (::pipe2(ends, O_CLOEXEC) != 0 || ::write(ends[1], kOffered.data(), kOffered.size()) < 0)
    throw base::Error(std::string("cannot offer input: ") + std::strerror(errno));
  ::close(ends[1]);
  original_ = ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 10);
  ::dup2(ends[0], STDIN_FILENO);
  ::close(ends[0]);
}

OfferedInput::~OfferedInput() {
  if (original_ < 0) return;
  ::dup2(original_, STDIN_FILENO);
  ::close(original_);
}

std::size_t OfferedInput::taken() const {
  int left = 0;
  if (::ioctl(STDIN_FILENO, FIONREAD, &left) != 0) return kOffered.size();  // closed, or another file
  return kOffered.size() - static_cast<std::size_t>(left);
}

void adopt_descendants() { ::prctl(PR_SET_CHILD_SUBREAPER, 1); }

std::size_t children_now() { return jobs::usage_of(::getpid()).children; }

std::uint64_t traces_of_children() {
  rusage usage{};
  ::getrusage(RUSAGE_CHILDREN, &usage);
  return static_cast<std::uint64_t>(usage.ru_minflt);  // a child that was waited for has touched pages
}

Holdings holdings_now() { return {heap_bytes(), resident_bytes(), open_descriptors()}; }

std::optional<std::string> growth_over(std::size_t calls, const std::function<void()>& call) {
  const Holdings before = holdings_now();
  Growth least = growth_in_round(calls, call);
  std::size_t rounds = 1;
  for (; rounds < kRounds && !least.none() && !kept_much(before); ++rounds) {
    const Growth growth = growth_in_round(calls, call);
    if (growth.none() || growth.bytes() < least.bytes()) least = growth;
  }
  if (least.none()) return std::nullopt;
  return whole(least.bytes()) + " bytes and " + whole(least.descriptors) + " open files a call, in each of " +
         std::to_string(rounds) + " rounds of " + std::to_string(least.calls) + " calls";
}

}  // namespace taskonomy::checks
