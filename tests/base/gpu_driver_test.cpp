// A driver that stands for NVIDIA's: tests/fixtures/gpu_driver.
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "core/base/files.hpp"
#include "core/base/gpu_driver.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;

namespace {

base::GpuDriver ask(const char* gpus) {
  ::setenv("TASKONOMY_FAKE_GPUS", gpus, 1);
  const auto found = base::ask_gpu_driver(TASKONOMY_BINARY_DIR "/fixtures/gpu_driver/libcuda.so.1");
  ::unsetenv("TASKONOMY_FAKE_GPUS");
  return found;
}

}  // namespace

TEST_CASE("the driver's GPUs have names, compute capabilities and memory, in the order of their numbers") {
  const auto found = ask("12040 V100:7.0:16 H100:9.0:80");
  CHECK(found.missing.empty());
  CHECK(found.cuda == 12040);
  REQUIRE(found.gpus.size() == 2);
  CHECK(found.gpus[0].name == "V100");
  CHECK(found.gpus[0].major == 7);
  CHECK(found.gpus[0].minor == 0);
  CHECK(found.gpus[1].name == "H100");
  CHECK(found.gpus[1].major == 9);
  CHECK(found.gpus[1].memory == std::uint64_t{80} << 30);
}

TEST_CASE("without a GPU the driver's own words say why") {
  const auto none = ask("13000");
  CHECK(none.missing.starts_with("the NVIDIA driver finds no GPU"));
  CHECK(none.cuda == 13000);
  CHECK(ask("13000 !803").missing ==
        "the NVIDIA driver says: system has unsupported display driver / cuda driver combination (803)");
  CHECK(base::ask_gpu_driver("libnone.so.1").missing ==
        "there is no NVIDIA driver (libnone.so.1 is not found)");
  // A library without those functions is an old driver, no crash.
  CHECK(base::ask_gpu_driver("libm.so.6").missing == "the NVIDIA driver says: error (500)");
}

TEST_CASE("CUDA's numbers are written as people do") {
  CHECK(base::cuda_text(13000) == "13.0");
  CHECK(base::cuda_text(12040) == "12.4");
  CHECK(base::cuda_text(11080) == "11.8");
}

TEST_CASE("the Multi-Process Service answers where its daemon lives") {
  const tests::Folder folder;
  CHECK_FALSE(base::mps_answers(folder.path().string()));
  const auto file = folder / "nvidia-cuda-mps-control.pid";
  base::write_file(file, std::to_string(::getpid()) + "\n");
  CHECK(base::mps_answers(folder.path().string()));
  base::write_file(file, "999999999\n");  // more than any system numbers
  CHECK_FALSE(base::mps_answers(folder.path().string()));
  base::write_file(file, "nonsense");
  CHECK_FALSE(base::mps_answers(folder.path().string()));
}
