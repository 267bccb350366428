// What goes wrong with GPUs: whose fault it is, and which GPUs are still trusted.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace taskonomy::jobs {

/// Why a job failed on a GPU. After any of them but `none` CUDA refuses all further work of the process.
enum class GpuFault {
  none,    ///< not for the GPU's sake
  memory,  ///< its memory was full: less of the job at once may fit
  job,     ///< the job's own code asked for what cannot be (an index beyond the end)
  lost     ///< the GPU, its driver, or another process that shares it failed: the job may do well elsewhere
};

/// Tells it from an error's text, in the words of CUDA, cuDNN, cuBLAS and LibTorch from 1.13 on.
[[nodiscard]] GpuFault gpu_fault_in(std::string_view error);

/// "2.00 GiB more, of 79.15 GiB in all" of LibTorch's words about full GPU memory; "" where they hold no figures.
[[nodiscard]] std::string memory_figures_in(std::string_view error);

/// What a job that failed so says to people: the error, or where memory was full, its figures and the cure.
[[nodiscard]] std::string gpu_failure_text(std::string_view error);

/// "memory" and back, for reports; what is no such word is `none`.
[[nodiscard]] std::string_view word_of(GpuFault fault);
[[nodiscard]] GpuFault gpu_fault_of_word(std::string_view word);

/// How often a job is given back because a GPU failed under it, before it counts as failed.
inline constexpr std::size_t kMostReturns = 5;

/// Which GPUs are worth giving jobs to: one that failed kMostFaults times with no job done in between is not.
class GpuHealth {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::size_t kMostFaults = 3;

  explicit GpuHealth(const std::vector<std::string>& gpus);
  /// A job that began at `begin` was lost with its GPU. What several workers of one GPU lose at a time is one fault: a
  /// fault of one client of the Multi-Process Service ends the others.
  void note_fault(const std::string& gpu, Clock::time_point begin, Clock::time_point now);
  void note_success(const std::string& gpu);
  /// True as well for "", a worker without a GPU.
  [[nodiscard]] bool works(const std::string& gpu) const;
  /// Whether there were GPUs and none works any more.
  [[nodiscard]] bool none_works() const;

 private:
  struct State {
    std::size_t faults = 0;  ///< in a row
    Clock::time_point last{};
  };
  std::map<std::string, State> states_;
};

}  // namespace taskonomy::jobs
