// How networks compute: device, threads, bfloat16, memory format. LibTorch keeps these as state of the
// process; this is the one place that sets it.
#pragma once

#include <taskonomy/sdk/torch.hpp>

#include "core/recipe/recipe.hpp"

namespace taskonomy::network {

/// Device and precision of a run on this machine.
struct Hardware {
  torch::Device device = torch::kCPU;
  bool bfloat16 = false;  ///< of convolutions and linear layers; weights and losses stay float32
};

/// Resolves "auto" to what this machine computes fast: bfloat16 where the processor or GPU has it. Throws
/// Error naming the cure when CUDA is asked for and LibTorch has none, and when bfloat16 is asked for and the
/// processor has none.
[[nodiscard]] Hardware resolve_hardware(const recipe::Compute& compute);

/// Sets one thread per process, because many small jobs side by side beat one job with many threads, and
/// takes denormal numbers as zero. Call it once per process.
void set_up_process();

/// While it lives, convolutions and linear layers compute in bfloat16 if the hardware does; parameters stay
/// float32.
class Autocast {
 public:
  explicit Autocast(const Hardware& hardware);
  ~Autocast();
  Autocast(const Autocast&) = delete;
  Autocast& operator=(const Autocast&) = delete;

 private:
  bool on_;
  bool cuda_;
};

/// Moves a module to the device and its 4-d parameters to channels-last memory, which convolutions read
/// fastest.
void prepare_module(torch::nn::Module& module, const Hardware& hardware);

}  // namespace taskonomy::network
