// Batch norm and ReLU in one, beside LibTorch's by themselves in double precision.
#include <taskonomy/sdk/detail/fused_norm.hpp>

#include <cmath>
#include <limits>
#include <string>

#include <torch/nn/modules/activation.h>
#include <torch/nn/modules/conv.h>

#include "tests/support/testing.hpp"

namespace taskonomy::sdk::detail {

namespace {

namespace nn = torch::nn;

struct NormCase {
  const char* name;
  std::int64_t channels;
  double slope;
  double offset;  ///< of the images, whose deviation is 3
  bool adds;
};
constexpr NormCase kNormCases[] = {{"ReLU", 24, 0.0, 0.0, false},
                                   {"leaky, far from 0", 8, 0.2, 300.0, false},
                                   {"none, odd channels", 5, 1.0, 0.0, false},
                                   {"residual", 96, 0.0, 1.0, true}};

torch::Tensor channels_last(const torch::Tensor& images, torch::ScalarType type) {
  return images.to(type).contiguous(torch::MemoryFormat::ChannelsLast).set_requires_grad(true);
}

/// Largest difference over the largest value.
double relative(const torch::Tensor& ours, const torch::Tensor& theirs) {
  return ((ours.detach().to(torch::kFloat64) - theirs.detach()).abs().max() / theirs.detach().abs().max())
      .item<double>();
}

/// A batch norm with scales and shifts of its own, and the same in double precision.
std::pair<nn::BatchNorm2d, nn::BatchNorm2d> two_norms(std::int64_t channels) {
  nn::BatchNorm2d single(channels), exact(channels);
  const torch::NoGradGuard no_grad;
  single->weight.uniform_(0.5, 2.0);
  single->bias.normal_();
  exact->weight.copy_(single->weight);
  exact->bias.copy_(single->bias);
  exact->to(torch::kFloat64);
  return {single, exact};
}

void check_against_double(const NormCase& one, torch::ScalarType type, double alike) {
  INFO(std::string(one.name));
  torch::manual_seed(7);
  auto [norm, exact] = two_norms(one.channels);
  const std::vector<std::int64_t> shape{3, one.channels, 7, 9};
  const auto x = channels_last(torch::randn(shape) * 3.0 + one.offset, type);
  const auto added = channels_last(torch::randn(shape), type);
  const auto x2 = x.detach().to(torch::kFloat64).set_requires_grad(true);
  const auto added2 = added.detach().to(torch::kFloat64).set_requires_grad(true);
  const auto y = one.adds ? norm_add_relu(*norm, x, added) : norm_relu(*norm, x, one.slope);
  const auto y2 = one.adds ? torch::relu(exact(x2) + added2) : torch::leaky_relu(exact(x2), one.slope);
  const auto gradient = torch::randn(shape).to(type);
  y.backward(gradient);
  y2.backward(gradient.to(torch::kFloat64));
  CHECK((y.scalar_type() == type));
  CHECK(relative(y, y2) <= alike);
  CHECK(relative(x.grad(), x2.grad()) <= alike);
  CHECK(relative(norm->weight.grad(), exact->weight.grad()) <= alike);
  CHECK(relative(norm->bias.grad(), exact->bias.grad()) <= alike);
  if (one.adds) CHECK(relative(added.grad(), added2.grad()) <= alike);
  CHECK(relative(norm->running_mean, exact->running_mean) <= 1e-5);
  CHECK(relative(norm->running_var, exact->running_var) <= 1e-5);
  CHECK(norm->num_batches_tracked.item<std::int64_t>() == 1);
}

}  // namespace

TEST_CASE("batch norm and ReLU in one: value, gradients and statistics in float32 and bfloat16") {
  for (const auto& one : kNormCases) check_against_double(one, torch::kFloat32, 2e-5);
  // What bfloat16 holds: eight bits. Its gradients through a ReLU differ where a value rounds to 0.
  for (const auto& one : kNormCases)
    if (one.offset < 100.0) check_against_double(one, torch::kBFloat16, 1e-2);
}

TEST_CASE("batch norm and ReLU in one: in judgement by the running statistics, with and without gradients") {
  torch::manual_seed(8);
  auto [norm, exact] = two_norms(24);
  const auto x = channels_last(torch::randn({2, 24, 4, 4}), torch::kFloat32);
  for (auto* one : {&norm, &exact}) {
    (*one)->running_mean.fill_(0.5);
    (*one)->running_var.fill_(4.0);
    (*one)->eval();
  }
  const auto x2 = x.detach().to(torch::kFloat64).set_requires_grad(true);
  const auto y2 = torch::relu(exact(x2));
  y2.sum().backward();
  norm_relu(*norm, x).sum().backward();
  CHECK(relative(x.grad(), x2.grad()) <= 1e-5);
  const torch::NoGradGuard no_grad;
  CHECK(relative(norm_relu(*norm, x), y2) <= 1e-5);
  CHECK(norm->running_mean[0].item<double>() == 0.5);
}

TEST_CASE("batch norm and ReLU in one: layers in a row give what they give one by one") {
  torch::manual_seed(9);
  nn::Sequential layers(nn::Conv2d(nn::Conv2dOptions(3, 8, 3)), nn::BatchNorm2d(8),
                        nn::LeakyReLU(nn::LeakyReLUOptions().negative_slope(0.2).inplace(true)),
                        nn::Conv2d(nn::Conv2dOptions(8, 4, 3)), nn::BatchNorm2d(4), nn::ReLU(),
                        nn::BatchNorm2d(4));
  const auto images = torch::randn({2, 3, 9, 9});
  const auto together = forward_fused(layers, images);
  CHECK(torch::allclose(together, layers->forward(images), 1e-4, 1e-5));
}

TEST_CASE("batch norm and ReLU in one: NaN stays NaN, and one value has no variance") {
  for (const auto type : {torch::kFloat32, torch::kBFloat16}) {
    auto x = torch::randn({2, 3, 4, 4});
    x[1][2][0][0] = std::numeric_limits<double>::quiet_NaN();
    nn::BatchNorm2d norm(3);
    const auto bad = norm_relu(*norm, channels_last(x, type)).isnan().sum({0, 2, 3});
    CHECK(torch::equal(bad, torch::tensor({0, 0, 32})));
  }
  nn::BatchNorm2d norm(3);
  CHECK_THROWS_WITH(norm_relu(*norm, torch::zeros({1, 3, 1, 1})), doctest::Contains("more than 1 value"));
}

}  // namespace taskonomy::sdk::detail
