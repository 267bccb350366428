#include "core/network/gpus.hpp"

#include <dlfcn.h>

#include <filesystem>

#include <ATen/Version.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <torch/cuda.h>
#include <torch/version.h>

namespace taskonomy::network {

namespace {

namespace fs = std::filesystem;

/// The CUDA half of this LibTorch, beside its CPU half; empty where it has none.
fs::path cuda_library() {
  std::string (*const of_libtorch_cpu)() = &at::show_config;
  Dl_info library{};
  if (::dladdr(reinterpret_cast<const void*>(of_libtorch_cpu), &library) == 0 || library.dli_fname == nullptr)
    return {};
  const auto file = fs::path(library.dli_fname).parent_path() / "libtorch_cuda.so";
  std::error_code failed;
  return fs::exists(file, failed) ? file : fs::path();
}

/// "9.19.0" of 91900.
std::string cudnn_version(long number) {
  const long major = number >= 90000 ? number / 10000 : number / 1000;
  const long rest = number >= 90000 ? number % 10000 : number % 1000;
  return std::to_string(major) + "." + std::to_string(rest / 100) + "." + std::to_string(rest % 100);
}

Gpus find_gpus() {
  Gpus found;
  const auto file = cuda_library();
  if (file.empty()) {
    found.missing = "this LibTorch (" + std::string(TORCH_VERSION) +
                    ") is for CPUs alone; build with one that has CUDA: ./dev build --torch 2.11";
    return found;
  }
  if (::dlopen(file.c_str(), RTLD_NOW | RTLD_GLOBAL) == nullptr) {
    const char* cause = ::dlerror();
    found.missing =
        "LibTorch's CUDA half cannot be loaded (" + std::string(cause == nullptr ? file.string() : cause) +
        "); its companions come with pip install torch, or with ./dev build --torch on a machine with a GPU";
    return found;
  }
  const auto& hooks = at::detail::getCUDAHooks();
  if (hooks.hasCUDART()) found.cuda = base::cuda_text(hooks.versionCUDART());
  found.count = static_cast<std::int64_t>(torch::cuda::device_count());
  if (found.count == 0) {
    found.missing = why_no_gpu(found.cuda, base::gpu_driver());
    return found;
  }
  if (hooks.hasCuDNN()) found.cudnn = cudnn_version(hooks.versionCuDNN());
  found.known = base::gpu_driver().gpus;
  return found;
}

}  // namespace

const Gpus& gpus() {
  static const Gpus found = find_gpus();
  return found;
}

std::string why_no_gpu(const std::string& cuda, const base::GpuDriver& driver) {
  const std::string beginning = "LibTorch finds no GPU: ";
  if (!driver.missing.empty()) return beginning + driver.missing;
  // A driver serves all CUDAs of its own first number and older ones.
  if (!cuda.empty() && driver.cuda > 0 && driver.cuda / 1000 < std::stoi(cuda))
    return beginning + "the NVIDIA driver is too old: it serves CUDA up to " + base::cuda_text(driver.cuda) +
           ", and this LibTorch wants " + cuda +
           "; install a newer driver, or build with a LibTorch for CUDA " +
           std::to_string(driver.cuda / 1000);
  return beginning + "the NVIDIA driver has " + std::to_string(driver.gpus.size()) +
         " of them, but this LibTorch" + (cuda.empty() ? "" : " (CUDA " + cuda + ")") +
         " cannot use them; python3 -c \"import torch; torch.cuda.init()\" says more with the same LibTorch";
}

std::string gpu_without_bfloat16(const std::vector<base::Gpu>& gpus) {
  constexpr int kFirst = 8;  // Ampere
  for (const auto& gpu : gpus)
    if (gpu.major < kFirst)
      return gpu.name + " (compute capability " + std::to_string(gpu.major) + "." +
             std::to_string(gpu.minor) + ")";
  return "";
}

}  // namespace taskonomy::network
