// What this computer offers: for the number of workers and for the manifest of a run.
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

}  // namespace taskonomy::base
