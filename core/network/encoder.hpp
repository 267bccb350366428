// Encoders turn images into representations (paper section 3.1; method.md, step I). These are the host's own;
// the recipe chooses among them. pretrained_encoder.hpp has those trained elsewhere.
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

/// Image side over representation side: 16 for resnet18 and resnet50, as in the paper; 8 for resnet_small.
[[nodiscard]] std::int64_t stride_of(const std::string& architecture);

/// Refuses an image side that the encoder cannot divide. Throws Error naming the side, the architecture and
/// the nearest side that fits.
void require_side(const recipe::Network& network, std::int64_t side);

/// Makes an encoder whose fresh weights come from LibTorch's default generator. C = network.channels,
/// w = network.width:
///
///   resnet50, resnet18  torchvision's network up to layer4 under torchvision's parameter names, without
///                       pooling, with strides 4 (stem), 1, 2, 2, 1, so that resnet50 makes 16x16x2048 of 256
///                       pixels; then a 3x3 convolution to C channels, BN, ReLU
///   resnet_small        3x3 convolution to w channels with stride 2, BN, ReLU; basic blocks of w, 2w (stride
///                       2), 2w, 4w (stride 2) and 4w channels; 3x3 convolution to C channels, BN, ReLU. For
///                       images of 64 to 128 pixels
///
/// Throws Error listing the known names for any other.
[[nodiscard]] std::shared_ptr<Encoder> make_encoder(const recipe::Network& network);

/// What a task's decoder is built for in a run whose images have `side` pixels. `in_channels` is the number
/// of channels per view that the decoder reads, at the side that the encoder gives for the task's own inputs.
[[nodiscard]] sdk::DecoderConfig decoder_config(const recipe::Network& network, std::int64_t side,
                                                const sdk::TaskInfo& task, std::int64_t in_channels);
/// The task's decoder. Throws Error naming the task for what make_decoder throws, and when it gives none.
[[nodiscard]] std::shared_ptr<sdk::Decoder> make_decoder(const sdk::Task& task,
                                                         const sdk::DecoderConfig& config);

}  // namespace taskonomy::network
