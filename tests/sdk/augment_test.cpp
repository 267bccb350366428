// Warping of labels: what stays, what is masked, and what no pixel may hear of.
#include <taskonomy/sdk/augment.hpp>

#include <cmath>

#include "tests/support/testing.hpp"

using namespace taskonomy;

namespace {

constexpr std::int64_t kLength = 8;

/// Each image's pixels come from `shift` pixels further right.
sdk::Augmentation shifted(std::int64_t images, double shift) {
  const torch::Tensor centres = (torch::arange(kLength, torch::kFloat32) * 2.0 + 1.0) / kLength - 1.0;
  const torch::Tensor x = (centres + 2.0 * shift / kLength).view({1, kLength}).expand({kLength, kLength});
  sdk::Augmentation how;
  how.grid = torch::stack({x, centres.view({kLength, 1}).expand({kLength, kLength})}, 2)
                 .unsqueeze(0)
                 .repeat({images, 1, 1, 1});
  how.scale = torch::ones({images});
  how.mirrored = torch::zeros({images}, torch::kBool);
  return how;
}

}  // namespace

TEST_CASE("ids keep their type and stay ids, halfway between pixels, too") {
  const auto ids = torch::randint(0, 30000, {2, 2, kLength, kLength}, torch::kInt16);
  CHECK(torch::equal(sdk::warp(ids, shifted(2, 0.0), sdk::Sampling::nearest), ids));
  const auto moved = sdk::warp(ids, shifted(2, 1.0), sdk::Sampling::nearest);
  CHECK((moved.scalar_type() == torch::kInt16));
  CHECK(torch::equal(moved.slice(3, 0, kLength - 1), ids.slice(3, 1)));
  const auto between = sdk::warp(ids, shifted(2, 0.4), sdk::Sampling::nearest);
  CHECK(torch::equal(between, ids));
}

TEST_CASE("a pixel that takes part of a masked one is masked, and what stood there reaches nobody") {
  sdk::Example originals;
  originals.target = torch::arange(kLength, torch::kFloat32).expand({1, 1, kLength, kLength}).clone();
  originals.mask = torch::ones({1, 1, kLength, kLength}, torch::kBool);
  originals.mask.select(3, 4).fill_(false);
  originals.target.select(3, 4).fill_(NAN);
  const auto half = sdk::warp_pixels(originals, shifted(1, 0.5), sdk::Sampling::bilinear);
  CHECK(torch::isfinite(half.target).all().item<bool>());
  for (std::int64_t column = 0; column < kLength; ++column) {
    CAPTURE(column);
    const bool known = half.mask[0][0][0][column].item<bool>();
    CHECK(known == (column != 3 && column != 4));
    if (known && column < kLength - 1)
      CHECK(half.target[0][0][0][column].item<double>() == doctest::Approx(column + 0.5));
  }
  const auto whole = sdk::warp_pixels(originals, shifted(1, 0.0), sdk::Sampling::bilinear);
  CHECK(torch::equal(whole.mask, originals.mask));
}

TEST_CASE("a mask of the whole image stays") {
  sdk::Example originals;
  originals.target = torch::zeros({2, 1, kLength, kLength});
  originals.mask = torch::tensor({1, 0}).to(torch::kBool).unsqueeze(1);
  CHECK(torch::equal(sdk::warp_pixels(originals, shifted(2, 1.0), sdk::Sampling::nearest).mask,
                     originals.mask));
}

TEST_CASE("numbers per image multiply tensors of any number of dimensions") {
  const auto values = torch::tensor({1.0F, 2.0F});
  CHECK(sdk::per_image(values, 4).sizes() == torch::IntArrayRef({2, 1, 1, 1}));
  CHECK(sdk::per_image(values, 1).sizes() == torch::IntArrayRef({2}));
}
