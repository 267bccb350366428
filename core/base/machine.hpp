// Where this program runs: what the computer offers (for the number of workers and a run's
// manifest), and which process on which computer this is (for locks and temporary files in folders
// that several computers share).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace taskonomy::base {

/// Cores this process may use: its affinity mask, cut by a container's quota where there is one; at least 1.
[[nodiscard]] std::size_t usable_cores();

/// Bytes of memory this process may use: the machine's, cut by a container's limit where there is one.
[[nodiscard]] std::uint64_t usable_memory();

/// The machine a run was made on.
struct Machine {
  std::string cpu;          ///< model name, "" when unknown
  std::size_t cores = 1;    ///< usable_cores()
  double memory_gib = 0.0;  ///< physical
};
[[nodiscard]] Machine this_machine();

/// Now, UTC: "2026-03-01T12:30:05Z".
[[nodiscard]] std::string utc_now();

/// The path of the program that runs. Throws Error when the system does not tell.
[[nodiscard]] std::string this_program();

/// One process among all those that ever ran on the computers which share a folder. The system gives numbers
/// of ended processes to new ones, so the time of the start belongs to the name.
struct ProcessId {
  std::string host;  ///< as host_name()
  int pid = 0;
  std::uint64_t start = 0;  ///< ticks between the computer's start and the process's

  friend bool operator==(const ProcessId&, const ProcessId&) = default;
};

/// Name of this computer for ProcessId: at most 32 letters of [A-Za-z0-9-_~]. A container whose
/// processes have numbers of their own counts as a computer of its own, also where it has the name of
/// the computer it runs on.
[[nodiscard]] std::string host_name();

[[nodiscard]] ProcessId this_process();

/// unknown: the process is one of another computer, which this one cannot ask.
enum class Life { running, ended, unknown };

/// Whether a process still runs. A zombie has ended. [any thread]
[[nodiscard]] Life life_of(const ProcessId& process);

}  // namespace taskonomy::base
