// How networks compute: device, threads, bfloat16, memory format. LibTorch keeps these as state of the
// process; this is the one place that sets it.
#pragma once

#include <c10/core/impl/LocalDispatchKeySet.h>
#include <taskonomy/sdk/torch.hpp>

#include "core/recipe/recipe.hpp"

namespace taskonomy::network {

/// Device and precision of a run on this machine.
struct Hardware {
  torch::Device device = torch::kCPU;
  bool bfloat16 = false;   ///< of convolutions and linear layers; weights and losses stay float32
  bool fast = false;       ///< on a GPU: as [compute] fast
  double share = 1.0;      ///< of the images that are judged or encoded at once: less where memory is short
  std::uint64_t room = 0;  ///< bytes of a GPU's memory that data may stay in during a training
};

/// What the recipe asks for; "auto" is what this machine computes fast: bfloat16 on GPUs, and on processors that
/// have it and pass a trial (bfloat16.hpp). It does not matter whether this machine can compute so: a machine without a GPU may
/// plan a run for others.
[[nodiscard]] Hardware resolve_hardware(const recipe::Compute& compute);

/// Throws Error naming the cure when this machine cannot compute what the recipe asks for: CUDA that LibTorch
/// does not have, or bfloat16 that the processor has no instructions for or computes wrong.
void require_hardware(const recipe::Compute& compute);

/// Sets one thread per process, because many small jobs side by side beat one job with many threads, and
/// takes denormal numbers as zero. Call it once per process.
void set_up_process();

/// Before the first kernel of a process on a GPU: has LibTorch, cuDNN and cuBLAS take kernels that give the same bytes
/// every time, and float32 where float32 is asked for, unless the hardware is `fast`. A plugin's operation of which
/// LibTorch has no such kernel says so once on standard error and is computed all the same. Nothing on the CPU.
void set_up_device(const Hardware& hardware);

/// While it lives, convolutions and linear layers compute in bfloat16 if the hardware does;
/// parameters stay float32.
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

/// While it lives, everything computes in the precision of its tensors, also inside of an Autocast. What tasks
/// compute needs it, labels, colours, losses and metrics: a matrix product in bfloat16 keeps three digits, and the
/// distance of two near points none.
class FullPrecision {
 private:
  c10::impl::ExcludeDispatchKeyGuard no_autocast_{c10::autocast_dispatch_keyset};
};

/// What `body` returns, computed in full precision.
template <typename Body>
auto in_full_precision(Body&& body) {
  const FullPrecision full;
  return body();
}

/// Moves a module to the device and its 4-d parameters to channels-last memory, which
/// convolutions read fastest.
void prepare_module(torch::nn::Module& module, const Hardware& hardware);

}  // namespace taskonomy::network
