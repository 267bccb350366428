#include "core/network/precision.hpp"

#include <ATen/autocast_mode.h>
#include <torch/version.h>

#include <cstdlib>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

#include "core/base/error.hpp"
#include "core/network/bfloat16.hpp"
#include "core/network/gpus.hpp"

namespace taskonomy::network {

namespace {

/// Every training step frees and allocates the same large tensors. By default glibc gives those back to the
/// kernel, which clears each page anew on the next step: a tenth of the time of a training.
void keep_freed_memory() {
#if defined(__GLIBC__)
  constexpr int kMiB = 1 << 20;
  mallopt(M_MMAP_THRESHOLD, 32 * kMiB);  // the largest that glibc takes
  mallopt(M_TRIM_THRESHOLD, 512 * kMiB);
  mallopt(M_TOP_PAD, 64 * kMiB);
#endif
}

}  // namespace

Hardware resolve_hardware(const recipe::Compute& compute) {
  Hardware hardware;
  if (compute.device == "cuda") hardware.device = torch::Device(torch::kCUDA);
  hardware.fast = hardware.device.is_cuda() && compute.fast;
  const auto pays = [&] {
    return hardware.device.is_cuda() ? gpu_without_bfloat16(base::gpu_driver().gpus).empty()
                                     : cpu_has_bfloat16() && cpu_bfloat16_fault().empty();
  };
  hardware.bfloat16 = compute.precision == "bfloat16" || (compute.precision == "auto" && pays());
  return hardware;
}

void require_hardware(const recipe::Compute& compute) {
  if (compute.device == "cuda") {
    if (!gpus().missing.empty())
      throw base::Error("[compute] device: \"cuda\", but " + gpus().missing + "; or use device = \"cpu\"");
    const std::string old = gpu_without_bfloat16(gpus().known);
    if (compute.precision != "bfloat16" || old.empty()) return;
    throw base::Error("[compute] precision: \"bfloat16\", but the " + old +
                      " has no instructions for it, GPUs have them from 8.0 on; take precision = "
                      "\"float32\", which trains the networks of a run again");
  }
  if (compute.precision != "bfloat16") return;
  const std::string refusal = "[compute] precision: \"bfloat16\", but ",
                    cure =
                        "work where it is not so, or take precision = \"float32\", which trains the networks "
                        "of a run again";
  if (!cpu_has_bfloat16())
    throw base::Error(
        refusal + "this processor has no instructions for it (" + bfloat16_instructions() +
        "): emulated it takes 30 to 80 times as long, and some versions of LibTorch compute it wrong; " +
        cure);
  if (!cpu_bfloat16_error().empty()) throw base::Error(refusal + cpu_bfloat16_error() + "; " + cure);
}

void set_up_process() {
  keep_freed_memory();
  torch::set_num_threads(1);
  at::globalContext().setFlushDenormal(true);
}

void set_up_device(const Hardware& hardware) {
  if (!hardware.device.is_cuda()) return;
  // cuBLAS reads it with its first handle; its usual workspace makes results depend on what ran before.
  if (!hardware.fast) ::setenv("CUBLAS_WORKSPACE_CONFIG", ":4096:8", /*overwrite=*/0);
  auto& context = at::globalContext();
  context.setDeterministicAlgorithms(!hardware.fast, /*warn_only=*/true);
  context.setDeterministicCuDNN(!hardware.fast);
  context.setBenchmarkCuDNN(hardware.fast);
  context.setAllowTF32CuDNN(hardware.fast);
  context.setAllowTF32CuBLAS(hardware.fast);
}

#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
namespace {
void switch_autocast(bool cuda, bool on) {
  const auto type = cuda ? at::kCUDA : at::kCPU;
  at::autocast::set_autocast_enabled(type, on);
  at::autocast::set_autocast_dtype(type, torch::kBFloat16);
}
}  // namespace
#else
namespace {
void switch_autocast(bool cuda, bool on) {
  if (cuda) {
    at::autocast::set_enabled(on);
    at::autocast::set_autocast_gpu_dtype(torch::kBFloat16);
  } else {
    at::autocast::set_cpu_enabled(on);
    at::autocast::set_autocast_cpu_dtype(torch::kBFloat16);
  }
}
}  // namespace
#endif

Autocast::Autocast(const Hardware& hardware) : on_(hardware.bfloat16), cuda_(hardware.device.is_cuda()) {
  if (on_) switch_autocast(cuda_, true);
}

Autocast::~Autocast() {
  if (!on_) return;
  at::autocast::clear_cache();
  switch_autocast(cuda_, false);
}

void prepare_module(torch::nn::Module& module, const Hardware& hardware) {
  module.to(hardware.device);
  torch::NoGradGuard no_grad;
  for (auto& parameter : module.parameters())
    if (parameter.dim() == 4) parameter.set_data(parameter.contiguous(torch::MemoryFormat::ChannelsLast));
}

}  // namespace taskonomy::network
