// What this process holds, exactly enough to see what is not given back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace taskonomy::conformance {

/// Memory in use and open files.
struct Holdings {
  std::uint64_t heap = 0;       ///< bytes allocated and not freed
  std::size_t descriptors = 0;  ///< open files, sockets, pipes
};
[[nodiscard]] Holdings holdings_now();

/// Repeats `call` and says how much is held at the end that was not before: "900 bytes and 0 files a call
/// over 200 calls"; nothing where all is given back. What a first call fills once (a cache, a table) is no
/// leak: only growth that goes on in both halves of the calls counts.
[[nodiscard]] std::optional<std::string> growth_over(std::size_t calls, const std::function<void()>& call);

}  // namespace taskonomy::conformance
