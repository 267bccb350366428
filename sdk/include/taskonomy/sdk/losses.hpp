// Losses per image. Each takes a batch and returns [B] float32: one number per image, lower is better, so
// that the tournaments of step III can compare transfers image by image. Only the trainer averages.
//
// Masked means use where(), not multiplication: a target that is NaN under the mask must not reach the result
// or the gradient. An image whose mask is empty has loss 0 and gradient 0 here; the host leaves it out of the
// tournament.
#pragma once

#include <taskonomy/sdk/torch.hpp>

#include <taskonomy/sdk/detail/api.hpp>

namespace taskonomy::sdk {

/// Mean of values [B,...] over all but the first dimension, where mask (bool, broadcastable) is true -> [B].
/// An undefined mask means everything counts. Images with an empty mask give 0.
TX_API torch::Tensor masked_mean(const torch::Tensor& values, const torch::Tensor& mask);

/// mean |prediction - target| over channels and masked pixels -> [B].
TX_API torch::Tensor l1_loss(const torch::Tensor& prediction, const torch::Tensor& target,
                             const torch::Tensor& mask);

/// mean (prediction - target)^2 over channels and masked pixels -> [B].
TX_API torch::Tensor l2_loss(const torch::Tensor& prediction, const torch::Tensor& target,
                             const torch::Tensor& mask);

/// Softmax cross entropy of logits [B,C,H,W] against class ids [B,1,H,W] (integral, 0..C-1 where the mask is
/// true) -> [B].
TX_API torch::Tensor pixel_cross_entropy(const torch::Tensor& logits, const torch::Tensor& classes,
                                         const torch::Tensor& mask);

/// Softmax cross entropy of logits [B,C] against soft labels [B,C] that sum to 1; mask [B,1] or undefined ->
/// [B].
TX_API torch::Tensor soft_cross_entropy(const torch::Tensor& logits, const torch::Tensor& labels,
                                        const torch::Tensor& mask);

}  // namespace taskonomy::sdk
