// What is said of GPUs, and what a process sets before it uses one. Needs none.
#include "core/network/gpus.hpp"

#include "core/network/precision.hpp"
#include "tests/support/testing.hpp"

namespace taskonomy::network {

namespace {

base::GpuDriver driver_with(int cuda, std::vector<base::Gpu> gpus, std::string missing = "") {
  return {std::move(gpus), cuda, std::move(missing)};
}

const base::Gpu kV100{"V100", 7, 0, 0}, kA100{"A100", 8, 0, 0};

}  // namespace

TEST_CASE("why LibTorch finds no GPU: no driver, one too old, or something else") {
  CHECK(why_no_gpu("13.0", driver_with(0, {}, "there is no NVIDIA driver (libcuda.so.1 is not found)")) ==
        "LibTorch finds no GPU: there is no NVIDIA driver (libcuda.so.1 is not found)");
  CHECK(why_no_gpu("13.0", driver_with(12040, {kA100})) ==
        "LibTorch finds no GPU: the NVIDIA driver is too old: it serves CUDA up to 12.4, and this LibTorch "
        "wants 13.0; install a newer driver, or build with a LibTorch for CUDA 12");
  // Drivers serve every CUDA of their first number.
  const auto other = why_no_gpu("12.8", driver_with(12040, {kA100}));
  CHECK(other.find("too old") == std::string::npos);
  CHECK(other.find("the NVIDIA driver has 1 of them, but this LibTorch (CUDA 12.8) cannot use them") !=
        std::string::npos);
}

TEST_CASE("GPUs before compute capability 8.0 have no bfloat16") {
  CHECK(gpu_without_bfloat16({kA100, kV100}) == "V100 (compute capability 7.0)");
  CHECK(gpu_without_bfloat16({kA100}).empty());
  CHECK(gpu_without_bfloat16({}).empty());
}

TEST_CASE(
    "on a GPU kernels give the same bytes every time, unless the recipe says fast; a CPU is left alone") {
  auto& context = at::globalContext();
  const bool before = context.deterministicAlgorithms(), warns = context.deterministicAlgorithmsWarnOnly();
  set_up_device({});
  CHECK(context.deterministicAlgorithms() == before);
  Hardware gpu{torch::kCUDA};
  set_up_device(gpu);
  CHECK(context.deterministicAlgorithms());
  CHECK(context.deterministicAlgorithmsWarnOnly());
  CHECK(context.deterministicCuDNN());
  CHECK_FALSE(context.benchmarkCuDNN());
  CHECK_FALSE(context.allowTF32CuDNN());
  gpu.fast = true;
  set_up_device(gpu);
  CHECK_FALSE(context.deterministicAlgorithms());
  CHECK(context.benchmarkCuDNN());
  CHECK(context.allowTF32CuDNN());
  context.setBenchmarkCuDNN(false);
  context.setDeterministicAlgorithms(before, warns);
}

TEST_CASE("fast counts on GPUs alone") {
  recipe::Compute compute;
  compute.fast = true;
  CHECK_FALSE(resolve_hardware(compute).fast);
  compute.device = "cuda";
  CHECK(resolve_hardware(compute).fast);
}

}  // namespace taskonomy::network
