// What this process holds, exactly enough to see what is not given back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace taskonomy::checks {

/// Memory in use and open files.
struct Holdings {
  std::uint64_t heap = 0;       ///< bytes allocated and not freed
  std::size_t descriptors = 0;  ///< open files, sockets, pipes
};
[[nodiscard]] Holdings holdings_now();

/// Repeats `call` in rounds of `calls` and says what one call keeps when all ten rounds keep something: "900
/// bytes and 0 open files a call, in each of 10 rounds of 200 calls"; nothing where a round gives all back.
/// malloc's own stores and tables that are filled once look like a leak for a few hundred calls; a leak goes
/// on. Slow calls make shorter rounds, of half a second.
[[nodiscard]] std::optional<std::string> growth_over(std::size_t calls, const std::function<void()>& call);

}  // namespace taskonomy::checks
