#include "core/network/resnet.hpp"

#include <string>

#include <taskonomy/sdk/detail/fused_norm.hpp>

namespace taskonomy::network {

namespace nn = torch::nn;
using sdk::detail::forward_fused;
using sdk::detail::norm_add_relu;
using sdk::detail::norm_relu;
using std::int64_t;

namespace {

nn::Conv2d conv1x1(int64_t in, int64_t out, int64_t stride = 1) {
  return nn::Conv2d(nn::Conv2dOptions(in, out, 1).stride(stride).bias(false));
}

/// The shortcut of a block that changes size or channels; empty where the input can be added as it is.
nn::Sequential shortcut(int64_t in, int64_t out, int64_t stride) {
  if (in == out && stride == 1) return nn::Sequential{nullptr};
  return nn::Sequential(conv1x1(in, out, stride), nn::BatchNorm2d(out));
}

}  // namespace

nn::Conv2d conv3x3(int64_t in, int64_t out, int64_t stride) {
  return nn::Conv2d(nn::Conv2dOptions(in, out, 3).stride(stride).padding(1).bias(false));
}

BasicBlockImpl::BasicBlockImpl(int64_t in, int64_t width, int64_t stride)
    : conv1_(register_module("conv1", conv3x3(in, width, stride))),
      conv2_(register_module("conv2", conv3x3(width, width))),
      bn1_(register_module("bn1", nn::BatchNorm2d(width))),
      bn2_(register_module("bn2", nn::BatchNorm2d(width))),
      downsample_(shortcut(in, width, stride)) {
  if (!downsample_.is_empty()) register_module("downsample", downsample_);
}

torch::Tensor BasicBlockImpl::forward(const torch::Tensor& x) {
  const auto y = norm_relu(*bn1_, conv1_(x));
  return norm_add_relu(*bn2_, conv2_(y), downsample_.is_empty() ? x : forward_fused(downsample_, x));
}

BottleneckImpl::BottleneckImpl(int64_t in, int64_t width, int64_t stride)
    : conv1_(register_module("conv1", conv1x1(in, width))),
      conv2_(register_module("conv2", conv3x3(width, width, stride))),
      conv3_(register_module("conv3", conv1x1(width, kExpansion * width))),
      bn1_(register_module("bn1", nn::BatchNorm2d(width))),
      bn2_(register_module("bn2", nn::BatchNorm2d(width))),
      bn3_(register_module("bn3", nn::BatchNorm2d(kExpansion * width))),
      downsample_(shortcut(in, kExpansion * width, stride)) {
  if (!downsample_.is_empty()) register_module("downsample", downsample_);
}

torch::Tensor BottleneckImpl::forward(const torch::Tensor& x) {
  auto y = norm_relu(*bn1_, conv1_(x));
  y = norm_relu(*bn2_, conv2_(y));
  return norm_add_relu(*bn3_, conv3_(y), downsample_.is_empty() ? x : forward_fused(downsample_, x));
}

template <typename Block>
ResNetTrunk<Block>::ResNetTrunk(const std::array<int64_t, 4>& blocks, const std::array<int64_t, 4>& strides) {
  conv1_ = register_module("conv1", nn::Conv2d(nn::Conv2dOptions(3, 64, 7).stride(2).padding(3).bias(false)));
  bn1_ = register_module("bn1", nn::BatchNorm2d(64));
  for (std::size_t stage = 0; stage < blocks.size(); ++stage) {
    const int64_t width = int64_t{64} << stage;
    nn::Sequential layer;
    for (int64_t block = 0; block < blocks[stage]; ++block) {
      layer->push_back(Block(channels_, width, block == 0 ? strides[stage] : 1));
      channels_ = width * Block::ContainedType::kExpansion;
    }
    layers_.push_back(register_module("layer" + std::to_string(stage + 1), layer));
  }
}

template <typename Block>
torch::Tensor ResNetTrunk<Block>::run_stages(const torch::Tensor& images, std::size_t last) {
  auto x = torch::max_pool2d(norm_relu(*bn1_, conv1_(images)), 3, 2, 1);
  for (std::size_t stage = 0; stage < last; ++stage) x = layers_[stage]->forward(x);
  return x;
}

template class ResNetTrunk<BasicBlock>;
template class ResNetTrunk<Bottleneck>;

}  // namespace taskonomy::network
