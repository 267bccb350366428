// The trial of this machine's bfloat16.
#include "core/network/bfloat16.hpp"

#include "core/base/error.hpp"
#include "core/network/precision.hpp"

#include "tests/support/testing.hpp"

namespace taskonomy::network {

namespace {

torch::Tensor convolve_rounded(const torch::Tensor& images, const torch::Tensor& weights) {
  const auto rounded = [](const torch::Tensor& values) {
    return values.to(torch::kBFloat16).to(torch::kFloat32);
  };
  return rounded(torch::conv2d(rounded(images), rounded(weights)));
}

/// The gradient of a factor that nobody sees in the value.
torch::Tensor twice_the_gradient(const torch::Tensor& values) { return 2.0 * values - values.detach(); }

}  // namespace

TEST_CASE("a convolution that only rounds passes the trial of bfloat16") {
  CHECK(wrong_convolution([](const auto& x, const auto& w) { return torch::conv2d(x, w); }).empty());
  CHECK(wrong_convolution(convolve_rounded).empty());
}

TEST_CASE("the trial of bfloat16 finds a wrong value and wrong gradients, and says which") {
  // What LibTorch 2.5.1 did on some processors: a quarter of every 2x2 sum.
  const auto quarter = [](const auto& x, const auto& w) {
    return torch::conv2d(x, w) * (w.size(2) == 2 ? 0.25 : 1.0);
  };
  CHECK(wrong_convolution(quarter).starts_with("a 2x2 convolution of 1 channels is off by 0.75"));
  const auto deep = [](const auto& x, const auto& w) {
    return torch::conv2d(x, w) + (w.size(2) == 3 && w.size(1) > 1 ? 5.0 : 0.0);
  };
  CHECK(wrong_convolution(deep).starts_with("a 3x3 convolution of 24 channels"));
  const auto of_images = [](const auto& x, const auto& w) { return torch::conv2d(twice_the_gradient(x), w); };
  CHECK(wrong_convolution(of_images).starts_with("the gradient of the images of a 2x2"));
  const auto of_weights = [](const auto& x, const auto& w) {
    return torch::conv2d(x, twice_the_gradient(w));
  };
  CHECK(wrong_convolution(of_weights).starts_with("the gradient of the weights of a 2x2"));
}

TEST_CASE("precision auto follows the trial of this processor, and a recipe's own word is not overruled") {
  recipe::Compute compute;
  CHECK(resolve_hardware(compute).bfloat16 == (cpu_has_bfloat16() && cpu_bfloat16_fault().empty()));
  compute.precision = "float32";
  CHECK_FALSE(resolve_hardware(compute).bfloat16);
  compute.precision = "bfloat16";
  CHECK(resolve_hardware(compute).bfloat16);
  if (cpu_has_bfloat16() && cpu_bfloat16_error().empty())
    CHECK_NOTHROW(require_hardware(compute));
  else
    CHECK_THROWS_WITH_AS(require_hardware(compute), doctest::Contains("float32"), base::Error);
}

}  // namespace taskonomy::network
