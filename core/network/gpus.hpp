// The GPUs of this machine, as LibTorch finds them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace taskonomy::network {

struct Gpus {
  std::string missing;  ///< why there is none, with the cure; empty where there are some
  std::int64_t count = 0;
  std::vector<std::string>
      names;  ///< as the driver has them, "NVIDIA H100 80GB HBM3"; fewer than count where it does not say
  std::string cuda;   ///< versions of LibTorch's libraries, "13.0"; empty without its CUDA half
  std::string cudnn;  ///< "9.19.0"
};

/// Loads the CUDA half of LibTorch, if this LibTorch has one, and asks it. Nothing links that half, so that processes
/// without a GPU start faster and smaller; LibTorch asks only once who knows of GPUs, so call this before networks,
/// generators and seeds when a GPU may be wanted. The answer stays the same for the life of the process.
[[nodiscard]] const Gpus& gpus();

}  // namespace taskonomy::network
