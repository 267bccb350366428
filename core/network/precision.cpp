#include "core/network/precision.hpp"

#include <ATen/autocast_mode.h>
#include <torch/version.h>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

#include "core/base/error.hpp"
#include "core/network/gpus.hpp"

namespace taskonomy::network {

namespace {

#if defined(__x86_64__)
constexpr const char* kBfloat16Instructions = "avx512_bf16";
bool cpu_has_bfloat16() { return __builtin_cpu_supports("avx512bf16") != 0; }
#else
constexpr const char* kBfloat16Instructions = "taskonomy knows those of x86 alone, avx512_bf16";
bool cpu_has_bfloat16() { return false; }
#endif

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
  const bool automatic = hardware.device.is_cuda() || cpu_has_bfloat16();
  hardware.bfloat16 = compute.precision == "bfloat16" || (compute.precision == "auto" && automatic);
  return hardware;
}

void require_hardware(const recipe::Compute& compute) {
  if (compute.device == "cuda") {
    if (gpus().missing.empty()) return;
    throw base::Error("[compute] device: \"cuda\", but " + gpus().missing + "; or use device = \"cpu\"");
  }
  if (compute.precision != "bfloat16" || cpu_has_bfloat16()) return;
  throw base::Error(
      "[compute] precision: \"bfloat16\", but this processor has no instructions for it (" +
      std::string(kBfloat16Instructions) +
      "): emulated it takes 30 to 80 times as long, and some versions of LibTorch compute it wrong; work "
      "where the processor has them, or take precision = \"float32\", which trains the networks of a run "
      "again");
}

void set_up_process() {
  keep_freed_memory();
  torch::set_num_threads(1);
  at::globalContext().setFlushDenormal(true);
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
