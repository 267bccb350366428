// torchvision's ResNets up to layer4, under torchvision's parameter names (He et al., CVPR 2016; resnet50
// with the stride in the 3x3 convolution).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "core/network/encoder.hpp"
#include "core/network/residual.hpp"

namespace taskonomy::network {

/// Blocks in layer1 .. layer4.
inline constexpr std::array<std::int64_t, 4> kResNet18Blocks{2, 2, 2, 2}, kResNet50Blocks{3, 4, 6, 3};
/// Of their first blocks: torchvision's give 1/32 of the image side, the paper's 1/16.
inline constexpr std::array<std::int64_t, 4> kTorchvisionStrides{1, 2, 2, 2}, kPaperStrides{1, 2, 2, 1};

/// Stem (/4) and four stages of BasicBlock or Bottleneck: images [B,3,H,W] -> [B,K,h,w]. To be inherited
/// from, not held, where the names of parameters are to stay torchvision's.
template <typename Block>
class ResNetTrunk : public Encoder {
 public:
  ResNetTrunk(const std::array<std::int64_t, 4>& blocks, const std::array<std::int64_t, 4>& strides) {
    namespace nn = torch::nn;
    conv1_ =
        register_module("conv1", nn::Conv2d(nn::Conv2dOptions(3, 64, 7).stride(2).padding(3).bias(false)));
    bn1_ = register_module("bn1", nn::BatchNorm2d(64));
    for (std::size_t stage = 0; stage < blocks.size(); ++stage) {
      const std::int64_t width = std::int64_t{64} << stage;
      nn::Sequential layer;
      for (std::int64_t block = 0; block < blocks[stage]; ++block) {
        layer->push_back(Block(channels_, width, block == 0 ? strides[stage] : 1));
        channels_ = width * Block::ContainedType::kExpansion;
      }
      layers_.push_back(register_module("layer" + std::to_string(stage + 1), layer));
    }
  }

  /// Features behind stage `last`, 1 to 4.
  torch::Tensor through(const torch::Tensor& images, std::size_t last) {
    auto x = torch::max_pool2d(bn1_(conv1_(images)).relu_(), 3, 2, 1);
    for (std::size_t stage = 0; stage < last; ++stage) x = layers_[stage]->forward(x);
    return x;
  }
  torch::Tensor forward(const torch::Tensor& images) override { return through(images, layers_.size()); }

  /// K of the last stage.
  [[nodiscard]] std::int64_t channels() const { return channels_; }

 private:
  std::int64_t channels_ = 64;
  torch::nn::Conv2d conv1_{nullptr};
  torch::nn::BatchNorm2d bn1_{nullptr};
  std::vector<torch::nn::Sequential> layers_;
};

}  // namespace taskonomy::network
