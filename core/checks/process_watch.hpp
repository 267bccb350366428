// What this process does while a task is watched in it: what it prints, and what memory and files it keeps.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace taskonomy::checks {

/// Catches what is written to standard output or standard error while the object lives: it goes to a file in
/// memory instead. [one thread]
class CapturedOutput {
 public:
  /// `descriptor`: STDOUT_FILENO or STDERR_FILENO. Throws base::Error when the system refuses.
  explicit CapturedOutput(int descriptor);
  ~CapturedOutput();
  CapturedOutput(const CapturedOutput&) = delete;
  CapturedOutput& operator=(const CapturedOutput&) = delete;

  /// Bytes written so far. Empties the buffers of C and C++ first.
  [[nodiscard]] std::uint64_t size() const;
  /// The first `most` of them.
  [[nodiscard]] std::string text(std::size_t most = 200) const;

 private:
  int descriptor_ = -1;
  int original_ = -1;
  int memory_ = -1;
};

/// Puts a pipe that holds some text in the place of standard input while the object lives. [one thread]
class OfferedInput {
 public:
  /// Throws base::Error when the system refuses.
  OfferedInput();
  ~OfferedInput();
  OfferedInput(const OfferedInput&) = delete;
  OfferedInput& operator=(const OfferedInput&) = delete;
  /// How many bytes of the text somebody has read.
  [[nodiscard]] std::size_t taken() const;

 private:
  int original_ = -1;
};

/// What this process holds: memory in use and open files.
struct Holdings {
  std::uint64_t heap = 0;  ///< bytes allocated and not freed
  std::uint64_t resident =
      0;  ///< bytes in RAM, whoever asked the system for them; 0 where that tells nothing
  std::size_t descriptors = 0;  ///< open files, sockets, pipes
};
[[nodiscard]] Holdings holdings_now();

/// Repeats `call` in up to ten rounds of `calls` calls, to tell a leak from memory that is filled once:
/// malloc's own stores and caches grow for a few hundred calls, a leak grows in every round. Returns nothing
/// as soon as a round gives all back, else what one call keeps: "900 bytes and 0 open files a call, in each
/// of 10 rounds of 200 calls". A round ends after half a second, so that slow calls make shorter rounds, and all end
/// when a gigabyte is kept.
[[nodiscard]] std::optional<std::string> growth_over(std::size_t calls, const std::function<void()>& call);

/// Processes that this one has started, or they: they become its own children when their parent ends. Call once
/// before what is watched.
void adopt_descendants();
/// Children of this process that run or have ended unseen.
[[nodiscard]] std::size_t children_now();
/// Grows with every child that this process has waited for.
[[nodiscard]] std::uint64_t traces_of_children();

}  // namespace taskonomy::checks
