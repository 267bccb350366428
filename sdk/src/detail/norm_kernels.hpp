// Batch norm and ReLU over channels-last images, in float32 or bfloat16, by plain loops that the compiler vectorises.
#pragma once

#include <cstdint>
#include <vector>

#include <taskonomy/sdk/torch.hpp>

namespace taskonomy::sdk::detail {

/// Numbers of each channel, [C].
using Channels = std::vector<float>;

/// An affine map of each channel and a leaky ReLU behind it: y = v > 0 ? v : slope * v,
/// v = scale * (x - mean) + shift.
struct NormRelu {
  Channels mean, scale, shift;
  float slope = 0.0F;  ///< 0..1
};

/// Mean and variance (that of the values, not an estimate of the population's) of each channel.
struct Moments {
  Channels mean, variance;
};

/// All images are dense, channels-last [B,C,H,W], in float32 or bfloat16, those of one call alike.
Moments moments_of(const torch::Tensor& x);

/// y = NormRelu(x), or relu(v + added) where `added` is defined.
void apply_norm(const NormRelu& how, const torch::Tensor& x, const torch::Tensor& added,
                const torch::Tensor& y);

/// Sums over all pixels of each channel: of the gradient before the ReLU, and of its product with x - mean.
struct GradientSums {
  Channels plain, by_value;
};

/// The gradient in front of the ReLU, from that behind it, and its sums. Whether the ReLU let a value pass is computed
/// again from x; or, where `y` is defined, told by it, and then the gradient in front is also written to `front`.
GradientSums sum_gradients(const NormRelu& how, const torch::Tensor& x, const torch::Tensor& y,
                           const torch::Tensor& gradient, const torch::Tensor& front);

/// Weights of each channel's gradient of x: of the gradient in front of the ReLU, of x - mean, and of 1.
struct GradientWeights {
  Channels gradient, value, constant;
};

/// The gradient of x.
void apply_gradient(const NormRelu& how, const GradientWeights& weights, const torch::Tensor& x,
                    const torch::Tensor& gradient, const torch::Tensor& of_x);

}  // namespace taskonomy::sdk::detail
