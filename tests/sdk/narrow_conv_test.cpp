// 3x3 convolutions to a few channels, beside LibTorch's in double precision.
#include <taskonomy/sdk/detail/fused_norm.hpp>

#include <limits>
#include <string>

#include <torch/nn/modules/conv.h>

#include "tests/support/testing.hpp"

namespace taskonomy::sdk::detail {

namespace {

namespace nn = torch::nn;

struct ConvCase {
  std::int64_t channels, outputs, height, width;
  bool bias;
};
constexpr ConvCase kConvCases[] = {{24, 3, 9, 33, true},  {16, 1, 8, 8, true}, {32, 2, 5, 4, false},
                                   {3, 4, 2, 3, true},    {1, 1, 1, 1, false}, {37, 3, 1, 7, true},
                                   {64, 4, 12, 1, false}, {8, 2, 3, 16, true}};

double largest_difference(const torch::Tensor& ours, const torch::Tensor& theirs) {
  return ((ours.detach().to(torch::kFloat64) - theirs.detach()).abs().max() / theirs.detach().abs().max())
      .item<double>();
}

void check_against_double(const ConvCase& one, torch::ScalarType type, double alike) {
  const std::string sizes = std::to_string(one.channels) + " to " + std::to_string(one.outputs) + ", " +
                            std::to_string(one.height) + "x" + std::to_string(one.width);
  INFO(sizes);
  torch::manual_seed(5);
  const auto options = nn::Conv2dOptions(one.channels, one.outputs, 3).padding(1).bias(one.bias);
  nn::Conv2d layer(options), exact(options);
  {
    const torch::NoGradGuard no_grad;
    exact->to(torch::kFloat64);
    exact->weight.copy_(layer->weight);
    if (one.bias) exact->bias.copy_(layer->bias);
  }
  nn::Sequential layers(layer);
  const auto x = torch::randn({3, one.channels, one.height, one.width})
                     .to(type)
                     .contiguous(torch::MemoryFormat::ChannelsLast)
                     .set_requires_grad(true);
  const auto x2 = x.detach().to(torch::kFloat64).set_requires_grad(true);
  const auto y = forward_fused(layers, x), y2 = exact(x2);
  CHECK((y.scalar_type() == torch::kFloat32));  // in bfloat16 LibTorch's would not take the float32 weight
  const auto gradient = torch::randn(y2.sizes());
  y.backward(gradient);
  y2.backward(gradient.to(torch::kFloat64));
  CHECK(largest_difference(y, y2) <= 2e-6);
  CHECK(largest_difference(x.grad(), x2.grad()) <= alike);
  CHECK((x.grad().scalar_type() == type));
  CHECK(largest_difference(layer->weight.grad(), exact->weight.grad()) <= 2e-6);
  if (one.bias) CHECK(largest_difference(layer->bias.grad(), exact->bias.grad()) <= 2e-6);
}

}  // namespace

TEST_CASE("a 3x3 convolution to a few channels: value and gradients, of images in float32 and bfloat16") {
  for (const auto& one : kConvCases) check_against_double(one, torch::kFloat32, 2e-6);
  for (const auto& one : kConvCases)
    check_against_double(one, torch::kBFloat16, 5e-3);  // the gradient's eight bits
}

TEST_CASE("a 3x3 convolution to a few channels: other shapes, types and memory orders are LibTorch's") {
  torch::manual_seed(6);
  const auto images = torch::randn({2, 6, 7, 5});
  for (const auto& options :
       {nn::Conv2dOptions(6, 3, 1), nn::Conv2dOptions(6, 3, 3),
        nn::Conv2dOptions(6, 3, 3).padding(1).stride(2), nn::Conv2dOptions(6, 3, 3).padding(1).groups(3),
        nn::Conv2dOptions(6, 3, 3).padding(2).dilation(2),
        nn::Conv2dOptions(6, 3, 3).padding(1).padding_mode(torch::kReflect),
        nn::Conv2dOptions(6, 5, 3).padding(1), nn::Conv2dOptions(6, 3, 3).padding(torch::kSame),
        nn::Conv2dOptions(6, 3, 3).padding(1)}) {
    nn::Conv2d layer(options);
    nn::Sequential layers(layer);
    CHECK(torch::allclose(forward_fused(layers, images), layer(images), 1e-5, 1e-6));
    layer->to(torch::kFloat64);
    CHECK(torch::equal(forward_fused(layers, images.to(torch::kFloat64)), layer(images.to(torch::kFloat64))));
  }
}

TEST_CASE(
    "a 3x3 convolution to a few channels: frozen weights and images need no gradient; infinity spreads") {
  torch::manual_seed(8);
  nn::Conv2d layer(nn::Conv2dOptions(8, 2, 3).padding(1));
  nn::Sequential layers(layer);
  auto image = torch::randn({1, 8, 4, 4});
  forward_fused(layers, image).sum().backward();
  CHECK(layer->weight.grad().defined());
  layer->weight.set_requires_grad(false);
  const auto x = image.clone().set_requires_grad(true);
  forward_fused(layers, x).sum().backward();
  CHECK(x.grad().defined());
  image[0][3][0][0] = std::numeric_limits<float>::infinity();
  const auto y = forward_fused(layers, image);
  CHECK_FALSE(torch::isfinite(y[0][0][1][1]).item<bool>());
  CHECK(torch::isfinite(y[0][0][3][3]).item<bool>());
}

}  // namespace taskonomy::sdk::detail
