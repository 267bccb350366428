// Losses per image, for authors whose task has a loss of its own. Each takes a batch and returns float32 [B]:
// one number per image, lower is better. The tournaments of step III compare transfers image by image, so
// only the trainer averages.
//
// Masked means use where(), not multiplication: a target that is NaN outside the mask must reach neither the
// result nor the gradient. An image whose mask is empty has loss 0 and gradient 0 here; the host leaves it
// out of the tournament.
#pragma once

#include <taskonomy/sdk/torch.hpp>

#include <taskonomy/sdk/detail/api.hpp>

namespace taskonomy::sdk {

/// Mean of values [B,...] over all but the first dimension, where mask (bool, broadcastable) is true -> [B].
/// With an undefined mask everything counts. An image with an empty mask gives 0.
TX_API torch::Tensor masked_mean(const torch::Tensor& values, const torch::Tensor& mask);

/// Mean |prediction - target| over channels and masked pixels -> [B].
TX_API torch::Tensor l1_loss(const torch::Tensor& prediction, const torch::Tensor& target,
                             const torch::Tensor& mask);

/// Mean (prediction - target)^2 over channels and masked pixels -> [B].
TX_API torch::Tensor l2_loss(const torch::Tensor& prediction, const torch::Tensor& target,
                             const torch::Tensor& mask);

/// Mean softmax cross entropy of logits [B,C,H,W] against class ids [B,1,H,W] over masked pixels -> [B].
/// On the CPU it throws std::invalid_argument for an id outside 0..C-1 where the mask is true.
TX_API torch::Tensor pixel_cross_entropy(const torch::Tensor& logits, const torch::Tensor& classes,
                                         const torch::Tensor& mask);

/// Softmax cross entropy of logits [B,C] against soft labels [B,C] that sum to 1, mask [B,1] or undefined ->
/// [B].
TX_API torch::Tensor soft_cross_entropy(const torch::Tensor& logits, const torch::Tensor& labels,
                                        const torch::Tensor& mask);

}  // namespace taskonomy::sdk
