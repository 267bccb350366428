// Encoders: from images to representations (paper section 3.1; method.md step I). The host's, chosen by the
// recipe.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <taskonomy/sdk/torch.hpp>

#include <taskonomy/sdk/decoder.hpp>
#include <taskonomy/sdk/task.hpp>

#include "core/recipe/recipe.hpp"

namespace taskonomy::network {

/// images [B,3,H,W] in [-1,1] -> representation [B,C,h,w].
class Encoder : public torch::nn::Module {
 public:
  virtual torch::Tensor forward(const torch::Tensor& images) = 0;
};

/// Image side over representation side: 16 for the ResNets of the paper, 8 for resnet_small.
[[nodiscard]] std::int64_t stride_of(const std::string& architecture);

/// Throws Error naming the side, the architecture and the nearest side that fits.
void require_side(const recipe::Network& network, std::int64_t side);

/// An encoder with fresh weights from LibTorch's default generator.
///   resnet50, resnet18  torchvision's parameter names up to layer4, no pooling, strides 4 (stem), 1, 2, 2,
///   1, so that
///                       256 px give 16x16x2048; then 3x3 conv, BN, ReLU to C channels
///   resnet_small        3x3/2 conv to w, BN, ReLU, basic blocks w, 2w (/2), 2w, 4w (/2), 4w, 3x3 conv to C,
///   BN, ReLU
[[nodiscard]] std::shared_ptr<Encoder> make_encoder(const recipe::Network& network);

/// What a task's decoder is to be built for in a run whose images have `side` pixels: `in_channels` of every
/// one of the task's input images, at the side that the encoder gives.
[[nodiscard]] sdk::DecoderConfig decoder_config(const recipe::Network& network, std::int64_t side,
                                                const sdk::TaskInfo& task, std::int64_t in_channels);

}  // namespace taskonomy::network
