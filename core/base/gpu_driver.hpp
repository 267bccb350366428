// The GPUs of this machine as NVIDIA's driver has them, without LibTorch: for programs that share them out among workers.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace taskonomy::base {

/// One GPU.
struct Gpu {
  std::string name;          ///< "NVIDIA H100 80GB HBM3"
  int major = 0, minor = 0;  ///< compute capability: 8.0 is an A100, 7.0 a V100
  std::uint64_t memory = 0;  ///< bytes
};

/// What the driver says.
struct GpuDriver {
  std::vector<Gpu> gpus;  ///< that this process may see (CUDA_VISIBLE_DEVICES), in the order of their numbers
  int cuda = 0;           ///< the newest CUDA that it serves, 13000 for 13.0; 0 without a driver
  std::string missing;    ///< why there is no GPU; empty where there are some
};

/// Loads the driver's library and asks it. Nothing of this takes memory of a GPU. `library`: tests have their own.
[[nodiscard]] GpuDriver ask_gpu_driver(const std::string& library = "libcuda.so.1");

/// The same, asked once in the life of the process.
[[nodiscard]] const GpuDriver& gpu_driver();

/// The number of a CUDA as people write it: "13.0" of 13000.
[[nodiscard]] std::string cuda_text(long number);

/// Whether NVIDIA's Multi-Process Service answers, so that kernels of several processes run side by side on one GPU.
/// CUDA looks for it by itself: in the folder CUDA_MPS_PIPE_DIRECTORY, else in /tmp/nvidia-mps. `folder`: that variable's
/// value, "" where it is not set.
[[nodiscard]] bool mps_answers(const std::string& folder);
[[nodiscard]] bool mps_answers();

}  // namespace taskonomy::base
