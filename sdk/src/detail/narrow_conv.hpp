// Last layers of pixel decoders: 3x3 convolutions to a few channels.
#pragma once

#include <torch/nn/modules/conv.h>
#include <taskonomy/sdk/torch.hpp>

namespace taskonomy::sdk::detail {

/// conv(x). A 3x3 convolution of stride and padding 1 to at most kNarrow channels is computed by loops of our own where
/// x [B,C,H,W] is an image on a CPU in float32 or bfloat16, channels-last; its result is float32 also under autocast.
/// Others, and all in a trace, are LibTorch's.
torch::Tensor conv(torch::nn::Conv2dImpl& layer, const torch::Tensor& x);

}  // namespace taskonomy::sdk::detail
