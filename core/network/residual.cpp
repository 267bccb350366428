#include "core/network/residual.hpp"

namespace taskonomy::network {

namespace nn = torch::nn;
using std::int64_t;

namespace {

nn::Conv2d conv1x1(int64_t in, int64_t out, int64_t stride = 1) {
  return nn::Conv2d(nn::Conv2dOptions(in, out, 1).stride(stride).bias(false));
}

nn::Sequential projection(int64_t in, int64_t out, int64_t stride) {
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
      downsample_(projection(in, width, stride)) {
  if (!downsample_.is_empty()) register_module("downsample", downsample_);
}

torch::Tensor BasicBlockImpl::forward(const torch::Tensor& x) {
  auto y = bn1_(conv1_(x)).relu_();
  y = bn2_(conv2_(y));
  return y.add_(downsample_.is_empty() ? x : downsample_->forward(x)).relu_();
}

BottleneckImpl::BottleneckImpl(int64_t in, int64_t width, int64_t stride)
    : conv1_(register_module("conv1", conv1x1(in, width))),
      conv2_(register_module("conv2", conv3x3(width, width, stride))),
      conv3_(register_module("conv3", conv1x1(width, kExpansion * width))),
      bn1_(register_module("bn1", nn::BatchNorm2d(width))),
      bn2_(register_module("bn2", nn::BatchNorm2d(width))),
      bn3_(register_module("bn3", nn::BatchNorm2d(kExpansion * width))),
      downsample_(projection(in, kExpansion * width, stride)) {
  if (!downsample_.is_empty()) register_module("downsample", downsample_);
}

torch::Tensor BottleneckImpl::forward(const torch::Tensor& x) {
  auto y = bn1_(conv1_(x)).relu_();
  y = bn2_(conv2_(y)).relu_();
  y = bn3_(conv3_(y));
  return y.add_(downsample_.is_empty() ? x : downsample_->forward(x)).relu_();
}

}  // namespace taskonomy::network
