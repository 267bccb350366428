// What belongs to the whole process and decides how everything in it computes and writes: plugins can change
// it, and the next one must not notice.
#pragma once

#include <memory>

namespace taskonomy::host {

/// While it lives, anybody may change the process's state; when it goes, that is as it was: LibTorch's
/// default type, number of threads, default CPU generator, gradient and inference mode and other modes of
/// this thread, deterministic algorithms, oneDNN; floating-point rounding and denormals; locale, working
/// folder, file mode mask, signal handlers and mask. Not: environment variables, open files, threads and
/// children (WorkerPool replaces workers with those). About 0.05 ms. [in the thread that made it]
class KeptState {
 public:
  KeptState();
  ~KeptState();
  KeptState(const KeptState&) = delete;
  KeptState& operator=(const KeptState&) = delete;

 private:
  struct Torch;
  struct Process;
  std::unique_ptr<const Torch> torch_;
  std::unique_ptr<const Process> process_;
};

/// While it lives, what plugins print on standard output goes to standard error: standard output is for this
/// program's answers (--json). Nests.
class PrintsAside {
 public:
  PrintsAside();
  ~PrintsAside();
  PrintsAside(const PrintsAside&) = delete;
  PrintsAside& operator=(const PrintsAside&) = delete;

 private:
  int before_;
};

}  // namespace taskonomy::host
