// Residual networks (He et al., CVPR 2016) under torchvision's parameter names (conv1, bn1, layer1.0.conv1,
// ..., downsample.0): the blocks, and the trunk that resnet18 and resnet50 are made of.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/modules/conv.h>

#include "core/network/encoder.hpp"

namespace taskonomy::network {

/// 3x3 convolution without bias, padding 1: [B,in,H,W] -> [B,out,H/stride,W/stride].
[[nodiscard]] torch::nn::Conv2d conv3x3(std::int64_t in, std::int64_t out, std::int64_t stride = 1);

/// Two 3x3 convolutions, the first with the stride: relu(x' + bn(conv(relu(bn(conv(x)))))), where x' is x, or
/// its 1x1 projection where size or channels change. [B,in,H,W] -> [B,width,H/stride,W/stride]
class BasicBlockImpl : public torch::nn::Module {
 public:
  static constexpr std::int64_t kExpansion = 1;  ///< channels that come out, in widths
  BasicBlockImpl(std::int64_t in, std::int64_t width, std::int64_t stride);
  torch::Tensor forward(const torch::Tensor& x);

 private:
  torch::nn::Conv2d conv1_, conv2_;
  torch::nn::BatchNorm2d bn1_, bn2_;
  torch::nn::Sequential downsample_{nullptr};
};
TORCH_MODULE(BasicBlock);

/// 1x1 to `width` channels, 3x3 with the stride, 1x1 to 4 width; otherwise as BasicBlock.
/// [B,in,H,W] -> [B,4 width,H/stride,W/stride]
class BottleneckImpl : public torch::nn::Module {
 public:
  static constexpr std::int64_t kExpansion = 4;
  BottleneckImpl(std::int64_t in, std::int64_t width, std::int64_t stride);
  torch::Tensor forward(const torch::Tensor& x);

 private:
  torch::nn::Conv2d conv1_, conv2_, conv3_;
  torch::nn::BatchNorm2d bn1_, bn2_, bn3_;
  torch::nn::Sequential downsample_{nullptr};
};
TORCH_MODULE(Bottleneck);

/// Number of blocks in layer1 .. layer4.
inline constexpr std::array<std::int64_t, 4> kResNet18Blocks{2, 2, 2, 2}, kResNet50Blocks{3, 4, 6, 3};
/// Strides of the first blocks of layer1 .. layer4. torchvision's lead to 1/32 of the image side. The host's
/// encoders stop at 1/16, the size that the paper's decoders read; the authors' released code gets there by
/// 2, 2, 1, 1.
inline constexpr std::array<std::int64_t, 4> kTorchvisionStrides{1, 2, 2, 2}, kHostStrides{1, 2, 2, 1};

/// A ResNet without pooling and classifier: a stem (7x7 convolution and max pooling, /4), then four stages of
/// BasicBlock or Bottleneck. Inherit from it rather than holding one, so that parameters keep torchvision's
/// names.
template <typename Block>
class ResNetTrunk : public Encoder {
 public:
  ResNetTrunk(const std::array<std::int64_t, 4>& blocks, const std::array<std::int64_t, 4>& strides);

  /// images [B,3,H,W] -> features [B,K,h,w] of the stage `last`, 1 to 4.
  torch::Tensor run_stages(const torch::Tensor& images, std::size_t last);
  /// The same of the last stage.
  torch::Tensor forward(const torch::Tensor& images) override { return run_stages(images, layers_.size()); }

  /// K of the last stage: 512 of BasicBlocks, 2048 of Bottlenecks.
  [[nodiscard]] std::int64_t channels() const { return channels_; }

 private:
  std::int64_t channels_ = 64;
  torch::nn::Conv2d conv1_{nullptr};
  torch::nn::BatchNorm2d bn1_{nullptr};
  std::vector<torch::nn::Sequential> layers_;
};
extern template class ResNetTrunk<BasicBlock>;
extern template class ResNetTrunk<Bottleneck>;

}  // namespace taskonomy::network
