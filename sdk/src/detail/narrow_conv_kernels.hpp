// 3x3 convolutions from images of many channels to images of up to four, by plain loops over vectors of channels.
// Libraries lay their vectors across output channels and leave them three quarters empty here.
#pragma once

#include <cstdint>

#include <taskonomy/sdk/torch.hpp>

namespace taskonomy::sdk::detail {

/// The most channels of a result that a convolution here takes.
inline constexpr std::int64_t kNarrow = 4;

/// Whether this processor has the vectors that make these loops faster than LibTorch's, of eight numbers.
bool narrow_conv_pays();

/// Everywhere x [B,C,H,W] and its gradient are dense, channels-last, in float32 or bfloat16; y [B,O,H,W] and its
/// gradient are dense, channels-last, in float32; weight [O,C,3,3] and its gradient are float32. Zeros surround x. Sums
/// are made in float32, in the same order on every processor of a generation.

/// y without the bias.
void narrow_conv(const torch::Tensor& x, const torch::Tensor& weight, const torch::Tensor& y);
/// The gradient of x from that of y.
void narrow_conv_input_gradient(const torch::Tensor& of_y, const torch::Tensor& weight,
                                const torch::Tensor& of_x);
/// The gradient of the weight.
torch::Tensor narrow_conv_weight_gradient(const torch::Tensor& x, const torch::Tensor& of_y);

}  // namespace taskonomy::sdk::detail
