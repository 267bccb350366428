// The GPUs of this machine, as LibTorch finds them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/gpu_driver.hpp"

namespace taskonomy::network {

struct Gpus {
  std::string missing;  ///< why there is none, with the cure; empty where there are some
  std::int64_t count = 0;
  std::vector<base::Gpu> known;  ///< what the driver says of them; fewer than count where it says nothing
  std::string cuda;              ///< versions of LibTorch's libraries, "13.0"; empty without its CUDA half
  std::string cudnn;             ///< "9.19.0"
};

/// Loads the CUDA half of LibTorch, if this LibTorch has one, and asks it. Nothing links that half, so that processes
/// without a GPU start faster and smaller; LibTorch asks only once who knows of GPUs, so call this before networks,
/// generators and seeds when a GPU may be wanted. The answer stays the same for the life of the process.
[[nodiscard]] const Gpus& gpus();

/// Why LibTorch's CUDA, "13.0", finds no GPU, with the cure: there is no driver, it fails, or it is too old.
[[nodiscard]] std::string why_no_gpu(const std::string& cuda, const base::GpuDriver& driver);

/// The first GPU without instructions for bfloat16, "Tesla V100-SXM2-16GB (compute capability 7.0)"; "" where all have
/// them (from 8.0 on), or none is known.
[[nodiscard]] std::string gpu_without_bfloat16(const std::vector<base::Gpu>& gpus);

}  // namespace taskonomy::network
