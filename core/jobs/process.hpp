// A process seen from outside: how it ended, and what it and its children hold. For the limits of workers and
// for what jobs leave behind.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <string>

namespace taskonomy::jobs {

/// A status of waitpid() in words: "crashed with SIGSEGV (Segmentation fault)", "ended with exit code 3".
[[nodiscard]] std::string end_in_words(int status);

struct ProcessUsage {
  /// Bytes that only this process tree holds: anonymous and shared memory in RAM or swapped out. Mapped files
  /// (examples, features, libraries) do not count, because the system drops their pages when it runs short;
  /// nor does address space that was reserved and never touched, of which LibTorch takes several times what
  /// it uses.
  std::uint64_t memory = 0;
  std::size_t threads = 0;  ///< of the process itself
  std::size_t children = 0;
};

/// All zeros when the process is gone. About 0.1 ms. [any thread]
[[nodiscard]] ProcessUsage usage_of(pid_t process);

/// From now on this process cannot allocate more than `bytes` beyond what it has: allocations fail then. For
/// a job that is repeated by hand, where no pool watches and a debugger shows who asked for the memory.
void limit_own_memory(std::uint64_t bytes);

}  // namespace taskonomy::jobs
