// CIELAB: published values of the primaries, the way there and back, greys without chroma.
#include <taskonomy/sdk/toolbox/colour.hpp>

#include <array>

#include "tests/support/testing.hpp"

using namespace taskonomy;

namespace {

torch::Tensor lab_of(float red, float green, float blue) {
  return sdk::lab_from_rgb(torch::tensor({red, green, blue}).reshape({3, 1, 1})).flatten();
}

}  // namespace

TEST_CASE("the primaries have their published coordinates (D65)") {
  const auto near = [](const torch::Tensor& lab, std::array<double, 3> expected) {
    for (std::int64_t i = 0; i < 3; ++i)
      CHECK(lab[i].item<double>() == doctest::Approx(expected[static_cast<std::size_t>(i)]).epsilon(2e-3));
  };
  near(lab_of(255, 0, 0), {53.24, 80.09, 67.20});
  near(lab_of(0, 255, 0), {87.73, -86.18, 83.18});
  near(lab_of(0, 0, 255), {32.30, 79.19, -107.86});
  near(lab_of(255, 255, 0), {97.14, -21.55, 94.48});
}

TEST_CASE("greys have no chroma, black 0, white 100, and lightness rises") {
  const auto level = torch::arange(256, torch::kFloat32).reshape({1, 1, 256}).expand({3, 1, 256});
  const auto lab = sdk::lab_from_rgb(level);
  CHECK(lab.slice(0, 1).abs().max().item<float>() < 1e-2F);
  CHECK(lab[0][0][0].item<double>() == doctest::Approx(0.0));
  CHECK(lab[0][0][255].item<double>() == doctest::Approx(100.0).epsilon(1e-4));
  CHECK(lab[0].diff(1, 1).min().item<float>() > 0.0F);
}

TEST_CASE("every colour comes back") {
  const auto rgb = torch::randint(0, 256, {2, 3, 40, 40}, torch::kUInt8);
  const auto back = sdk::rgb_from_lab(sdk::lab_from_rgb(rgb));
  CHECK((back - rgb).abs().max().item<float>() < 0.05F);
  CHECK(torch::equal(back.round().to(torch::kUInt8), rgb));
}

TEST_CASE("colours beyond the screen are clipped; other shapes are refused") {
  const auto rgb = sdk::rgb_from_lab(torch::tensor({50.F, 120.F, -120.F}).reshape({3, 1, 1}));
  CHECK(rgb.min().item<float>() >= 0.0F);
  CHECK(rgb.max().item<float>() <= 255.0F);
  CHECK_THROWS_AS((void)sdk::lab_from_rgb(torch::zeros({2, 4, 4})), std::invalid_argument);
}
