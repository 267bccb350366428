// Ctrl-C and SIGTERM as a question that the run asks between two steps.
#pragma once

#include <csignal>

namespace taskonomy::jobs {

/// While it lives, the first SIGINT, SIGTERM or SIGHUP only sets a flag; the second one ends the process as
/// usual. At most one at a time.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;
  /// Whether one came.
  [[nodiscard]] bool requested() const;

 private:
  static constexpr int kSignals[] = {SIGINT, SIGTERM, SIGHUP};
  struct sigaction before_[3];
};

}  // namespace taskonomy::jobs
