// Batch norm together with the ReLU behind it: what networks spend most time in beside their convolutions. For the
// SDK's decoders and the host's networks.
#pragma once

#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/container/sequential.h>
#include <taskonomy/sdk/torch.hpp>

#include <taskonomy/sdk/detail/api.hpp>

namespace taskonomy::sdk::detail {

/// leaky_relu(norm(x)) with slope 0..1 below zero: 0 is ReLU, 1 is no ReLU. On a CPU images [B,C,H,W] in float32 or
/// bfloat16 are read twice and written once, where batch norm and ReLU by themselves read them four times and write
/// them twice; elsewhere, and in a trace, LibTorch computes it. The result is channels-last. Running statistics move
/// as batch norm moves them.
TX_API torch::Tensor norm_relu(torch::nn::BatchNorm2dImpl& norm, const torch::Tensor& x, double slope = 0.0);

/// norm(x) in the same way.
inline torch::Tensor norm(torch::nn::BatchNorm2dImpl& norm, const torch::Tensor& x) {
  return norm_relu(norm, x, 1.0);
}

/// relu(norm(x) + added), the end of a residual block. `added` [B,C,H,W] is as x.
TX_API torch::Tensor norm_add_relu(torch::nn::BatchNorm2dImpl& norm, const torch::Tensor& x,
                                   const torch::Tensor& added);

/// What layers->forward(x) gives, each batch norm together with the ReLU or leaky ReLU behind it, and on a CPU 3x3
/// convolutions to at most four channels, the last of pixel decoders, in half of LibTorch's time.
TX_API torch::Tensor forward_fused(torch::nn::Sequential& layers, torch::Tensor x);

}  // namespace taskonomy::sdk::detail
