#include "core/jobs/gpu_faults.hpp"

#include <algorithm>
#include <array>
#include <regex>

namespace taskonomy::jobs {

namespace {

struct FaultWords {
  std::string_view words;
  GpuFault fault;
};

/// The first that an error contains counts.
constexpr std::array kFaultWords{
    FaultWords{"CUDA out of memory", GpuFault::memory},
    FaultWords{"CUDA error: out of memory", GpuFault::memory},
    FaultWords{"CUDNN_STATUS_ALLOC_FAILED", GpuFault::memory},
    FaultWords{"CUBLAS_STATUS_ALLOC_FAILED", GpuFault::memory},
    FaultWords{"CUBLAS_STATUS_NOT_INITIALIZED", GpuFault::memory},  // no room for its workspace, as a rule
    FaultWords{"CUDNN_STATUS_NOT_INITIALIZED", GpuFault::memory},
    FaultWords{"device-side assert", GpuFault::job},
    FaultWords{"CUDA error: misaligned address", GpuFault::job},
    FaultWords{"CUDA error: invalid argument", GpuFault::job},
    FaultWords{"CUDA error: an illegal memory access",
               GpuFault::lost},  // of this process, or of one beside it
    FaultWords{"CUDA error: an illegal instruction", GpuFault::lost},
    FaultWords{"CUDA error: unspecified launch failure", GpuFault::lost},
    FaultWords{"CUDA error: the launch timed out", GpuFault::lost},
    FaultWords{"CUDA error: hardware stack error", GpuFault::lost},
    FaultWords{"CUDA error: uncorrectable ECC error", GpuFault::lost},
    FaultWords{"CUDA error: uncorrectable NVLink error", GpuFault::lost},
    FaultWords{"CUDA error: unknown error", GpuFault::lost},
    FaultWords{"busy or unavailable", GpuFault::lost},
    FaultWords{"no CUDA-capable device is detected", GpuFault::lost},
    FaultWords{"CUDA error: invalid device ordinal", GpuFault::lost},
    FaultWords{"CUDA error: driver shutting down", GpuFault::lost},
    FaultWords{"LibTorch finds no GPU", GpuFault::lost},  // what a worker says that cannot begin any more
    FaultWords{"GPU is lost", GpuFault::lost},
    FaultWords{"fallen off the bus", GpuFault::lost},
    FaultWords{"MPS server", GpuFault::lost},
    FaultWords{"MPS client", GpuFault::lost},
    FaultWords{"CUDNN_STATUS_EXECUTION_FAILED", GpuFault::lost},
    FaultWords{"CUDNN_STATUS_INTERNAL_ERROR", GpuFault::lost},
    FaultWords{"CUBLAS_STATUS_EXECUTION_FAILED", GpuFault::lost},
    FaultWords{"CUBLAS_STATUS_INTERNAL_ERROR", GpuFault::lost}};

constexpr std::array<std::string_view, 4> kFaultNames{"none", "memory", "job",
                                                      "lost"};  // in the order of GpuFault

}  // namespace

GpuFault gpu_fault_in(std::string_view error) {
  for (const auto& [words, fault] : kFaultWords)
    if (error.find(words) != std::string_view::npos) return fault;
  return GpuFault::none;
}

std::string memory_figures_in(std::string_view error) {
  const std::string text(error);
  const std::string size = R"(([0-9.]+ (?:bytes|[KMGT]iB)))";
  std::smatch asked, all;
  // 1.13 says "79.15 GiB total capacity", 2.x "a total capacity of 79.15 GiB".
  if (!std::regex_search(text, asked, std::regex("Tried to allocate " + size))) return "";
  if (!std::regex_search(text, all, std::regex(size + " total capacity")) &&
      !std::regex_search(text, all, std::regex("total capacity of " + size)))
    return asked.str(1) + " more";
  return asked.str(1) + " more, of " + all.str(1) + " in all";
}

std::string gpu_failure_text(std::string_view error) {
  if (gpu_fault_in(error) != GpuFault::memory) return std::string(error);
  return "GPU memory is full: " + memory_figures_in(error) +
         " (fewer workers: --set compute.workers_per_gpu=N; else a smaller batch, side or width)";
}

std::string_view word_of(GpuFault fault) { return kFaultNames.at(static_cast<std::size_t>(fault)); }

GpuFault gpu_fault_of_word(std::string_view word) {
  const auto name = std::find(kFaultNames.begin(), kFaultNames.end(), word);
  return name == kFaultNames.end() ? GpuFault::none : static_cast<GpuFault>(name - kFaultNames.begin());
}

GpuHealth::GpuHealth(const std::vector<std::string>& gpus) {
  for (const auto& gpu : gpus) states_[gpu];
}

void GpuHealth::note_fault(const std::string& gpu, Clock::time_point begin, Clock::time_point now) {
  const auto state = states_.find(gpu);
  if (state == states_.end() || (state->second.faults > 0 && begin <= state->second.last)) return;
  ++state->second.faults;
  state->second.last = now;
}

void GpuHealth::note_success(const std::string& gpu) {
  if (const auto state = states_.find(gpu); state != states_.end() && works(gpu)) state->second.faults = 0;
}

bool GpuHealth::works(const std::string& gpu) const {
  const auto state = states_.find(gpu);
  return state == states_.end() || state->second.faults < kMostFaults;
}

bool GpuHealth::none_works() const {
  return !states_.empty() && std::none_of(states_.begin(), states_.end(),
                                          [this](const auto& state) { return works(state.first); });
}

}  // namespace taskonomy::jobs
