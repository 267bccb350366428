#include "core/network/gpus.hpp"

#include <dlfcn.h>

#include <filesystem>
#include <fstream>

#include <ATen/Version.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <torch/cuda.h>
#include <torch/version.h>

#include "core/base/text.hpp"

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

/// What the NVIDIA driver calls its GPUs.
std::vector<std::string> driver_names() {
  std::vector<std::string> names;
  std::error_code failed;
  for (const auto& gpu : fs::directory_iterator("/proc/driver/nvidia/gpus", failed)) {
    std::ifstream file(gpu.path() / "information");
    const std::string key = "Model:";
    for (std::string line; std::getline(file, line);)
      if (line.starts_with(key)) names.push_back(base::trim(line.substr(key.size())));
  }
  return names;
}

/// "9.19.0" of 91900.
std::string cudnn_version(long number) {
  const long major = number >= 90000 ? number / 10000 : number / 1000;
  const long rest = number >= 90000 ? number % 10000 : number % 1000;
  return std::to_string(major) + "." + std::to_string(rest / 100) + "." + std::to_string(rest % 100);
}

/// "13.0" of 13000.
std::string cuda_version(long number) {
  return std::to_string(number / 1000) + "." + std::to_string(number % 1000 / 10);
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
  if (hooks.hasCUDART()) found.cuda = cuda_version(hooks.versionCUDART());
  found.count = static_cast<std::int64_t>(torch::cuda::device_count());
  if (found.count == 0) {
    found.missing =
        "LibTorch finds no GPU; nvidia-smi says whether the driver finds one, and which CUDA it is new "
        "enough for" +
        (found.cuda.empty() ? "" : " (this LibTorch wants " + found.cuda + ")");
    return found;
  }
  if (hooks.hasCuDNN()) found.cudnn = cudnn_version(hooks.versionCuDNN());
  found.names = driver_names();
  return found;
}

}  // namespace

const Gpus& gpus() {
  static const Gpus found = find_gpus();
  return found;
}

}  // namespace taskonomy::network
