// The words are those of LibTorch 1.13.1, 2.6 and 2.11 (c10/cuda/CUDACachingAllocator.cpp, CUDAException.cpp), and of CUDA's
// own table of errors.
#include "core/jobs/gpu_faults.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;
using jobs::GpuFault;

namespace {

const std::string kFull13 =
    "CUDA out of memory. Tried to allocate 20.00 MiB (GPU 0; 7.79 GiB total capacity; 5.81 GiB already "
    "allocated; "
    "15.50 MiB free; 5.84 GiB reserved in total by PyTorch)";
const std::string kFull2 =
    "CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 79.15 GiB of which 1.03 "
    "GiB is free. "
    "Process 7 has 78.10 GiB memory in use.";

}  // namespace

TEST_CASE("an error's text says whether the GPU's memory, the job or the GPU is at fault") {
  for (const auto& text :
       {kFull13, kFull2, std::string("cuDNN error: CUDNN_STATUS_ALLOC_FAILED"),
        std::string("CUDA error: out of memory"),
        std::string("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`")})
    CHECK_MESSAGE(jobs::gpu_fault_in("task \"normal\": loss: " + text) == GpuFault::memory, text);
  CHECK(jobs::gpu_fault_in("CUDA error: device-side assert triggered") == GpuFault::job);
  for (const std::string text :
       {"CUDA error: an illegal memory access was encountered\nCUDA kernel errors might be asynchronously "
        "reported",
        "CUDA error: unspecified launch failure", "CUDA error: uncorrectable ECC error encountered",
        "CUDA error: the remote procedural call between the MPS server and the MPS client failed",
        "CUDA error: all CUDA-capable devices are busy or unavailable",
        "CUDA error: no CUDA-capable device is detected", "cuDNN error: CUDNN_STATUS_EXECUTION_FAILED",
        "[compute] device: \"cuda\", but LibTorch finds no GPU: the NVIDIA driver says: GPU is lost (15)"})
    CHECK_MESSAGE(jobs::gpu_fault_in(text) == GpuFault::lost, text);
  for (const std::string text :
       {"the loss is nan", "out of memory", "CUDA error: no kernel image is available",
        "Expected all tensors to be on the same device, but found cuda:0 and cpu!"})
    CHECK_MESSAGE(jobs::gpu_fault_in(text) == GpuFault::none, text);
}

TEST_CASE("full GPU memory is told in figures where LibTorch has any") {
  CHECK(jobs::memory_figures_in(kFull13) == "20.00 MiB more, of 7.79 GiB in all");
  CHECK(jobs::memory_figures_in(kFull2) == "2.00 GiB more, of 79.15 GiB in all");
  CHECK(jobs::memory_figures_in("CUDA out of memory. Tried to allocate 512 bytes.") == "512 bytes more");
  CHECK(jobs::gpu_failure_text(kFull13) ==
        "GPU memory is full: 20.00 MiB more, of 7.79 GiB in all (fewer workers: --set "
        "compute.workers_per_gpu=N; "
        "else a smaller batch, side or width)");
  CHECK(jobs::gpu_failure_text("CUDA error: unspecified launch failure") ==
        "CUDA error: unspecified launch failure");
  CHECK(jobs::memory_figures_in("CUDNN_STATUS_ALLOC_FAILED").empty());
}

TEST_CASE("words of faults lead back to them") {
  for (const auto fault : {GpuFault::none, GpuFault::memory, GpuFault::job, GpuFault::lost})
    CHECK(jobs::gpu_fault_of_word(jobs::word_of(fault)) == fault);
  CHECK(jobs::gpu_fault_of_word("unheard of") == GpuFault::none);
}

TEST_CASE(
    "a GPU that fails again and again gets no more jobs; what its workers lose at a time is one fault") {
  using Clock = jobs::GpuHealth::Clock;
  const auto at = [](int second) { return Clock::time_point(std::chrono::seconds(second)); };
  jobs::GpuHealth health({"0", "1", "0", "1"});
  CHECK(health.works(""));
  health.note_fault("0", at(0), at(10));
  health.note_fault("0", at(1), at(11));  // had begun before the fault of the other
  health.note_fault("0", at(2), at(12));
  CHECK(health.works("0"));
  health.note_fault("0", at(13), at(20));
  health.note_success("0");
  for (int second = 30; second < 50; second += 10) health.note_fault("0", at(second), at(second + 5));
  CHECK(health.works("0"));  // a job was done in between
  health.note_fault("0", at(50), at(55));
  CHECK_FALSE(health.works("0"));
  CHECK(health.works("1"));
  CHECK_FALSE(health.none_works());
  for (int second = 0; second < 30; second += 10) health.note_fault("1", at(second + 1), at(second + 5));
  CHECK(health.none_works());
  CHECK_FALSE(jobs::GpuHealth({}).none_works());
}
