// How networks compute: threads, bfloat16, memory format. LibTorch keeps these as process-wide state; this is
// the one place that sets it.
#pragma once

#include <string>

#include <taskonomy/sdk/torch.hpp>

#include "core/recipe/recipe.hpp"

namespace taskonomy::network {

/// Device and precision of a run, resolved on this machine.
struct Hardware {
  torch::Device device = torch::kCPU;
  bool bfloat16 = false;
};

/// Resolves "auto" (bfloat16 where the processor or GPU computes in it). Throws Error naming the cure
/// when CUDA is asked for and LibTorch has none, and when bfloat16 is asked for and the processor has none.
[[nodiscard]] Hardware resolve(const recipe::Compute& compute);

/// One thread (many small jobs side by side beat one job with many threads) and denormals as zero. Once per
/// process.
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

/// Moves a module to the device, its 4-d parameters to channels-last.
void prepare(torch::nn::Module& module, const Hardware& hardware);

}  // namespace taskonomy::network
