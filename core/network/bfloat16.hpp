// Whether this machine's bfloat16 can be trusted, and whether it pays. Having the instructions is not enough: some
// versions of LibTorch compute some convolutions wrong with them (pytorch/pytorch#163347), or slower than float32.
#pragma once

#include <functional>
#include <string>

#include <taskonomy/sdk/torch.hpp>

namespace taskonomy::network {

/// images [B,C,H,W], weights [O,C,k,k], float32 -> [B,O,H+1-k,W+1-k], with its gradients.
using Convolution = std::function<torch::Tensor(const torch::Tensor& images, const torch::Tensor& weights)>;

/// Compares convolutions of 2x2 and 3x3 pixels, their values and their gradients, with LibTorch's in float32. Returns
/// in words which is wrong, by more than rounding to bfloat16 explains; empty when all are right.
[[nodiscard]] std::string wrong_convolution(const Convolution& convolve);

/// The processor has instructions for bfloat16.
[[nodiscard]] bool cpu_has_bfloat16();
/// What it has none of, for messages: "avx512_bf16".
[[nodiscard]] const char* bfloat16_instructions();

/// What is wrong with this processor's convolutions in bfloat16; empty where nothing is. Computed once a process.
[[nodiscard]] const std::string& cpu_bfloat16_error();
/// Why networks had better compute in float32 on this processor, though it has instructions for bfloat16: they are
/// wrong, or a training step's convolutions take longer. Empty where bfloat16 is the better choice, and where there are
/// no instructions. Computed once a process, in a tenth of a second.
[[nodiscard]] const std::string& cpu_bfloat16_fault();

}  // namespace taskonomy::network
