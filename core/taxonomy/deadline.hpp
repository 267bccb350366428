// When an answer is due.
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

namespace taskonomy::taxonomy {

/// The moment at which work gives up; by default never. Parts of a work get a share of the time that is left, so
/// that the first of them does not take it all.
class Deadline {
 public:
  Deadline() = default;
  /// In so many seconds from now; 0: never.
  explicit Deadline(double seconds) {
    if (seconds > 0.0) end_ = Clock::now() + to_clock(seconds);
  }
  [[nodiscard]] bool over() const { return end_ && Clock::now() >= *end_; }
  /// Seconds left, at least a millisecond; 0: unlimited.
  [[nodiscard]] double left() const {
    if (!end_) return 0.0;
    return std::max(1e-3, std::chrono::duration<double>(*end_ - Clock::now()).count());
  }
  /// A deadline for a part that may take `part` (0..1] of the time that is left.
  [[nodiscard]] Deadline share(double part) const { return end_ ? Deadline(left() * part) : Deadline(); }

 private:
  using Clock = std::chrono::steady_clock;
  static Clock::duration to_clock(double seconds) {
    return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(std::min(seconds, 1e8)));
  }
  std::optional<Clock::time_point> end_;
};

}  // namespace taskonomy::taxonomy
