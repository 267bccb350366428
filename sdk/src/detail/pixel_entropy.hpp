// Softmax cross entropy per pixel in one pass over the logits, value and gradient together. Built from
// LibTorch's own operations it takes eight passes over tensors of B*C*H*W numbers and, with 39 classes, as
// long as the network itself.
#pragma once

#include <taskonomy/sdk/torch.hpp>

namespace taskonomy::sdk {

/// Whether fused_pixel_entropy() takes these logits: float32 or bfloat16 on the CPU.
[[nodiscard]] bool takes_fused_entropy(const torch::Tensor& logits);

/// Mean of -log softmax(logits)[class] over counted pixels -> float32 [B], 0 where none counts. Logits are
/// [B,C,H,W] in either memory format, classes int64 [B,1,H,W], counted is bool [B,1,H,W] or undefined (all).
/// Throws std::invalid_argument for a counted class outside 0..C-1. Differentiable once.
[[nodiscard]] torch::Tensor fused_pixel_entropy(const torch::Tensor& logits, const torch::Tensor& classes,
                                                const torch::Tensor& counted);

}  // namespace taskonomy::sdk
