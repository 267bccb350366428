#include "core/network/bfloat16.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <limits>

#include <torch/version.h>

#include "core/base/text.hpp"
#include "core/network/precision.hpp"

namespace taskonomy::network {

namespace {

torch::Tensor convolve_in_bfloat16(const torch::Tensor& images, const torch::Tensor& weights) {
  const Autocast autocast({torch::kCPU, true});
  return torch::conv2d(images, weights).to(torch::kFloat32);
}

torch::Tensor convolve_in_float32(const torch::Tensor& images, const torch::Tensor& weights) {
  return torch::conv2d(images, weights);
}

/// A convolution, the gradient of its images and that of its weights.
using Results = std::array<torch::Tensor, 3>;
constexpr std::array<const char*, 3> kResultNames{"", "the gradient of the images of ",
                                                  "the gradient of the weights of "};

/// The same images, weights and outer gradient at every call.
Results results_of(const Convolution& convolve, std::int64_t channels, std::int64_t side) {
  const auto generator = torch::make_generator<torch::CPUGeneratorImpl>(std::uint64_t{1});
  const auto drawn = [&](std::vector<std::int64_t> shape) {
    return torch::randn(shape, generator).contiguous(torch::MemoryFormat::ChannelsLast);
  };
  const auto images = drawn({4, channels, 16, 16}).set_requires_grad(true);
  const auto weights = drawn({channels + 8, channels, side, side}).set_requires_grad(true);
  const auto output = convolve(images, weights);
  output.backward(torch::randn(output.sizes(), generator));
  return {output.detach(), images.grad(), weights.grad()};
}

/// How many times as long a training step's convolutions take in bfloat16 as in float32. The two take turns, so that what
/// else the machine does meets both, and the least processor time of each counts, because others only ever add to it.
double times_as_long() {
  constexpr int kTurns = 20;
  const int threads = torch::get_num_threads();
  torch::set_num_threads(
      1);  // as workers compute; the processor time of threads that wait for each other says nothing
  const auto images = torch::randn({4, 32, 32, 32}).contiguous(torch::MemoryFormat::ChannelsLast);
  const auto weights = torch::randn({32, 32, 3, 3}).contiguous(torch::MemoryFormat::ChannelsLast);
  images.set_requires_grad(true);
  weights.set_requires_grad(true);
  const auto seconds_of = [&](const Convolution& convolve) {
    const auto start = std::clock();
    convolve(images, weights).sum().backward();
    return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  };
  double half = std::numeric_limits<double>::infinity(), full = half;
  for (int turn = 0; turn < kTurns; ++turn) {
    half = std::min(half, seconds_of(convolve_in_bfloat16));
    full = std::min(full, seconds_of(convolve_in_float32));
  }
  torch::set_num_threads(threads);
  return half / full;
}

std::string find_fault() {
  if (!cpu_has_bfloat16()) return {};
  if (!cpu_bfloat16_error().empty()) return cpu_bfloat16_error();
  const double times = times_as_long();
  if (times < 1.0) return {};
  return "convolutions in bfloat16 take " + base::fixed(times, 2) + " times as long as in float32";
}

}  // namespace

std::string wrong_convolution(const Convolution& convolve) {
  constexpr double kRounding =
      0.03;  // of the largest value; bfloat16 keeps 8 bits, and there are up to 864 terms
  for (const std::int64_t side : {2, 3})
    for (const std::int64_t channels : {1, 24}) {
      const auto given = results_of(convolve, channels, side),
                 right = results_of(convolve_in_float32, channels, side);
      for (std::size_t i = 0; i < right.size(); ++i) {
        const double off = (given[i] - right[i]).abs().max().item<double>();
        const double largest = right[i].abs().max().item<double>();
        if (off <= kRounding * largest) continue;
        return kResultNames[i] + std::string("a ") + std::to_string(side) + "x" + std::to_string(side) +
               " convolution of " + std::to_string(channels) + " channels is off by " +
               base::fixed(off / largest, 2) + " times its largest value";
      }
    }
  return {};
}

#if defined(__x86_64__)
const char* bfloat16_instructions() { return "avx512_bf16"; }
bool cpu_has_bfloat16() { return __builtin_cpu_supports("avx512bf16") != 0; }
#else
const char* bfloat16_instructions() { return "taskonomy knows those of x86 alone, avx512_bf16"; }
bool cpu_has_bfloat16() { return false; }
#endif

const std::string& cpu_bfloat16_error() {
  static const std::string error = [] {
    const auto wrong = wrong_convolution(convolve_in_bfloat16);
    return wrong.empty() ? wrong
                         : "LibTorch " TORCH_VERSION " computes bfloat16 wrong on this processor: " + wrong;
  }();
  return error;
}

const std::string& cpu_bfloat16_fault() {
  static const std::string fault = find_fault();
  return fault;
}

}  // namespace taskonomy::network
