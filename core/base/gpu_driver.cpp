// CUDA's driver interface, as far as it is needed, by its names in libcuda.so.1: cuda.h is not on machines without CUDA.
#include "core/base/gpu_driver.hpp"

#include <dlfcn.h>
#include <signal.h>

#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>

namespace taskonomy::base {

namespace {

using Result = int;  // CUresult; 0 is success
using Device = int;  // CUdevice

constexpr int kMajor = 75, kMinor = 76;  // CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_*

struct Close {
  void operator()(void* library) const { ::dlclose(library); }
};

/// Calls functions of the driver by name; one that an old driver lacks is a failure like another.
class Driver {
 public:
  explicit Driver(const std::string& library) : library_(::dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL)) {}
  [[nodiscard]] bool is_there() const { return library_ != nullptr; }

  template <typename... Arguments>
  [[nodiscard]] Result call(const char* name, Arguments... arguments) const {
    constexpr Result kNotFound = 500;  // CUDA_ERROR_NOT_FOUND
    auto* const function = reinterpret_cast<Result (*)(Arguments...)>(::dlsym(library_.get(), name));
    return function == nullptr ? kNotFound : function(arguments...);
  }

  /// "system has unsupported display driver / cuda driver combination (803)"
  [[nodiscard]] std::string words_of(Result result) const {
    const char* text = nullptr;
    if (call("cuGetErrorString", result, &text) != 0 || text == nullptr) text = "error";
    return std::string(text) + " (" + std::to_string(result) + ")";
  }

 private:
  std::unique_ptr<void, Close> library_;
};

Gpu gpu_at(const Driver& driver, int number) {
  Gpu gpu;
  Device device = 0;
  if (driver.call("cuDeviceGet", &device, number) != 0) return gpu;
  char name[256] = {};
  std::size_t memory = 0;
  if (driver.call("cuDeviceGetName", &name[0], static_cast<int>(sizeof name - 1), device) == 0)
    gpu.name = name;
  if (driver.call("cuDeviceTotalMem_v2", &memory, device) == 0) gpu.memory = memory;
  static_cast<void>(driver.call("cuDeviceGetAttribute", &gpu.major, kMajor, device));
  static_cast<void>(driver.call("cuDeviceGetAttribute", &gpu.minor, kMinor, device));
  return gpu;
}

}  // namespace

GpuDriver ask_gpu_driver(const std::string& library) {
  constexpr Result kNoDevice = 100;  // CUDA_ERROR_NO_DEVICE
  GpuDriver found;
  const Driver driver(library);
  if (!driver.is_there()) {
    found.missing = "there is no NVIDIA driver (" + library + " is not found)";
    return found;
  }
  static_cast<void>(driver.call("cuDriverGetVersion", &found.cuda));
  int count = 0;
  Result result = driver.call("cuInit", 0U);
  if (result == 0) result = driver.call("cuDeviceGetCount", &count);
  if (result != 0 && result != kNoDevice) {
    found.missing = "the NVIDIA driver says: " + driver.words_of(result);
  } else if (count == 0) {
    found.missing = "the NVIDIA driver finds no GPU";
    if (const char* visible = std::getenv("CUDA_VISIBLE_DEVICES"); visible != nullptr)
      found.missing += " (CUDA_VISIBLE_DEVICES is \"" + std::string(visible) + "\")";
  }
  for (int number = 0; number < count; ++number) found.gpus.push_back(gpu_at(driver, number));
  return found;
}

const GpuDriver& gpu_driver() {
  static const GpuDriver found = ask_gpu_driver();
  return found;
}

std::string cuda_text(long number) {
  return std::to_string(number / 1000) + "." + std::to_string(number % 1000 / 10);
}

bool mps_answers(const std::string& folder) {
  const std::filesystem::path pipes = folder.empty() ? "/tmp/nvidia-mps" : folder;
  std::ifstream file(pipes / "nvidia-cuda-mps-control.pid");
  pid_t daemon = 0;
  if (!(file >> daemon) || daemon <= 0) return false;
  return ::kill(daemon, 0) == 0 || errno == EPERM;
}

bool mps_answers() {
  const char* folder = std::getenv("CUDA_MPS_PIPE_DIRECTORY");
  return mps_answers(folder == nullptr ? "" : folder);
}

}  // namespace taskonomy::base
