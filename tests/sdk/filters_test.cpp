// Image operators against closed forms: ramps, impulses, Gaussian blobs.
#include "tests/support/testing.hpp"

#include <cmath>
#include <limits>

#include <taskonomy/sdk/toolbox/filters.hpp>

using namespace taskonomy;

namespace {

/// Columns and rows of an image of `side` pixels, from its centre pixel, [1,1,1,side] and [1,1,side,1].
struct Centred {
  torch::Tensor x, y;
  explicit Centred(std::int64_t side) {
    const std::int64_t centre = side / 2;
    const torch::Tensor at = torch::arange(side, torch::kFloat32) - static_cast<double>(centre);
    x = at.reshape({1, 1, 1, side});
    y = at.reshape({1, 1, side, 1});
  }
};

/// height exp(-(x^2 + y^2) / (2 deviation^2)).
torch::Tensor blob(std::int64_t side, double height, double deviation) {
  const Centred at(side);
  return height * torch::exp(-(at.x.square() + at.y.square()) / (2.0 * deviation * deviation));
}

double centre_of(const torch::Tensor& image) {
  return image[0][0][image.size(2) / 2][image.size(3) / 2].item<double>();
}

}  // namespace

TEST_CASE("blurring keeps constants, ramps and the sum, and spreads an impulse by sigma") {
  const torch::Tensor constant = torch::full({2, 3, 9, 7}, 0.25);
  CHECK(torch::allclose(sdk::gaussian_blur(constant, 2.0), constant));
  CHECK(torch::equal(sdk::gaussian_blur(constant, 0.0), constant));

  const Centred at(41);
  const torch::Tensor ramp = at.x + 2.0 * at.y;
  const auto inner = [](const torch::Tensor& image) { return image.slice(2, 12, 29).slice(3, 12, 29); };
  CHECK(torch::allclose(inner(sdk::gaussian_blur(ramp, 3.0)), inner(ramp), 1e-4, 1e-4));

  torch::Tensor impulse = torch::zeros({1, 1, 41, 41});
  impulse[0][0][20][20] = 1.0;
  const torch::Tensor spread = sdk::gaussian_blur(impulse, 3.0);
  CHECK(spread.sum().item<double>() == doctest::Approx(1.0).epsilon(1e-5));
  // The weights end at 3 sigma, which takes 2.7 % off the variance.
  CHECK((spread * at.x.square()).sum().item<double>() == doctest::Approx(9.0).epsilon(0.04));
  CHECK((spread * at.y.square()).sum().item<double>() == doctest::Approx(9.0).epsilon(0.04));
}

TEST_CASE("blurring known pixels is not touched by what stands at unknown ones") {
  torch::Tensor image = torch::full({1, 1, 16, 16}, 3.0);
  torch::Tensor known = torch::ones({1, 1, 16, 16}, torch::kBool);
  known.slice(3, 0, 6).fill_(false);
  image.slice(3, 0, 6).fill_(std::numeric_limits<float>::quiet_NaN());
  const torch::Tensor blurred = sdk::gaussian_blur_known(image, known, 1.0);
  CHECK(torch::allclose(blurred.slice(3, 6), torch::full({1, 1, 16, 10}, 3.0)));
  CHECK(blurred.slice(3, 0, 3).abs().max().item<double>() == 0.0);  // nothing known within 3 pixels
  CHECK(torch::allclose(sdk::gaussian_blur_known(image, known.logical_not(), 0.0).slice(3, 6),
                        torch::zeros({1, 1, 16, 10})));
}

TEST_CASE("the gradient of a ramp is its slope, and half of it at the border") {
  const Centred at(12);
  const torch::Tensor length = sdk::gradient_magnitude(0.3 * at.x + 0.4 * at.y);
  CHECK(torch::allclose(length.slice(2, 1, 11).slice(3, 1, 11), torch::full({1, 1, 10, 10}, 0.5)));
  CHECK(length[0][0][0][0].item<double>() == doctest::Approx(0.25));
  CHECK(sdk::gradient_magnitude(torch::ones({1, 2, 1, 1})).abs().max().item<double>() == 0.0);
}

TEST_CASE("the Hessian response of a Gaussian blob is the closed form, largest at its own scale") {
  const double height = 0.7, deviation = 5.0;
  for (const double sign : {1.0, -1.0}) {
    const torch::Tensor image = blob(81, sign * height, deviation);
    for (const double sigma : {3.0, 5.0, 7.0}) {
      const double total = deviation * deviation + sigma * sigma;
      const double expected =
          std::pow(sigma, 4) * height * height * std::pow(deviation, 4) / std::pow(total, 4);
      CHECK(centre_of(sdk::hessian_response(image, {sigma})) == doctest::Approx(expected).epsilon(0.05));
    }
    const double own = centre_of(sdk::hessian_response(image, {deviation}));
    CHECK(own == doctest::Approx(height * height / 16.0).epsilon(0.05));
    CHECK(centre_of(sdk::hessian_response(image, {2.0, 5.0, 9.0})) == doctest::Approx(own));
  }
}

TEST_CASE("the Hessian response is 0 on ramps, straight edges and saddles, and square in contrast") {
  const Centred at(40);
  const std::vector<double> sigmas{1.2, 2.0};
  const auto greatest = [&](const torch::Tensor& image) {
    const torch::Tensor response = sdk::hessian_response(image, sigmas);
    CHECK(response.min().item<double>() >= 0.0);
    return response.slice(2, 10, 30).slice(3, 10, 30).max().item<double>();
  };
  CHECK(greatest(0.01 * at.x + 0.02 * at.y) < 1e-9);
  CHECK(greatest((at.x > 0).to(torch::kFloat32).expand({1, 1, 40, 40})) < 1e-9);
  CHECK(greatest(0.001 * (at.x.square() - at.y.square())) == 0.0);
  const torch::Tensor image = blob(40, 0.2, 2.0);
  CHECK(greatest(3.0 * image) == doctest::Approx(9.0 * greatest(image)));
}

TEST_CASE("brightness weighs green most and takes images with and without a batch") {
  const torch::Tensor rgb = torch::tensor({1.0F, 0.0F, 0.5F}).reshape({3, 1, 1}).expand({3, 2, 2});
  CHECK(sdk::brightness_of(rgb)[0][1][1].item<double>() == doctest::Approx(0.299 + 0.057));
  CHECK(sdk::brightness_of(rgb.unsqueeze(0)).sizes() == torch::IntArrayRef({1, 1, 2, 2}));
  CHECK_THROWS_AS((void)sdk::gaussian_blur(rgb, 1.0), std::invalid_argument);
}
