// Labels as the Taskonomy data set stores them: written and read back they are the same up to the format's
// steps.
#include <cmath>
#include <string>

#include <taskonomy/sdk/image.hpp>
#include <taskonomy/sdk/toolbox/stored_labels.hpp>

#include "tests/support/testing.hpp"

using namespace taskonomy;

namespace {

torch::Tensor back(const std::string& modality, const torch::Tensor& label) {
  return sdk::label_from_image(
      modality, sdk::decode_image(sdk::encode_png(sdk::image_from_label(modality, label)), "x.png"));
}

double furthest(const torch::Tensor& a, const torch::Tensor& b) { return (a - b).abs().max().item<double>(); }

}  // namespace

TEST_CASE("stored labels come back within half a step, none as none") {
  torch::manual_seed(5);
  const torch::Tensor depth = torch::rand({1, 9, 7}) * 100;
  CHECK(furthest(back("depth_zbuffer", depth), depth) <= 0.5 / 512 + 1e-5);
  torch::Tensor holes = depth.clone();
  holes[0][0][0] = 0.0F, holes[0][0][1] = NAN, holes[0][0][2] = INFINITY, holes[0][0][3] = -1.0F;
  CHECK(back("depth_euclidean", holes)[0][0].slice(0, 0, 4).eq(0).all().item<bool>());
  torch::Tensor normal = torch::randn({3, 9, 7});
  normal = normal / normal.norm(2, 0, true);
  CHECK((back("normal", normal) * normal).sum(0).min().item<double>() > std::cos(0.5 * M_PI / 180));
  CHECK(back("normal", torch::zeros({3, 4, 4})).eq(0).all().item<bool>());
  torch::Tensor curvature = torch::tensor({-9.0F, 3.0F}).reshape({2, 1, 1}).repeat({1, 2, 2});
  curvature.select(1, 0).fill_(NAN);
  const torch::Tensor read = back("principal_curvature", curvature);
  CHECK(read.select(1, 0).isnan().all().item<bool>());
  CHECK(furthest(read.select(1, 1), curvature.select(1, 1)) <= 0.05 + 1e-5);
  for (const char* modality : {"edge_texture", "edge_occlusion", "keypoints2d", "keypoints3d"}) {
    const torch::Tensor response = torch::rand({1, 9, 7});
    CHECK(furthest(back(modality, response), response) <= 0.5 / 65535 + 1e-6);
  }
  torch::Tensor shading = torch::rand({1, 9, 7}) * 0.9 + 0.1;
  CHECK(furthest(back("reshading", shading), shading) <= 0.5 / 255 + 1e-6);
  shading[0][0][0] = NAN;
  CHECK(back("reshading", shading)[0][0][0].isnan().item<bool>());
  const torch::Tensor regions = torch::arange(-1, 62, torch::kInt32).reshape({1, 9, 7});
  CHECK(torch::equal(back("segment_unsup2d", regions), regions));
  const torch::Tensor classes = torch::arange(0, 63).to(torch::kUInt8).reshape({1, 9, 7});
  CHECK(torch::equal(back("segment_semantic", classes), classes));
}

TEST_CASE("stored labels: the wrong depth or kind of image is refused") {
  const torch::Tensor grey8 = torch::zeros({1, 4, 4}, torch::kUInt8), grey16 = grey8.to(torch::kInt32);
  torch::Tensor colours = torch::zeros({3, 4, 4}, torch::kUInt8);
  CHECK(sdk::label_from_image("segment_semantic", colours).size(0) == 1);  // grey in three channels
  colours[1].fill_(9);
  CHECK_THROWS_WITH_AS((void)sdk::label_from_image("depth_zbuffer", grey8),
                       "expected depth as 16-bit grey, got 8 bits in 1 channel", std::invalid_argument);
  CHECK_THROWS_AS((void)sdk::label_from_image("segment_semantic", grey16), std::invalid_argument);
  CHECK_THROWS_AS((void)sdk::label_from_image("segment_semantic", colours), std::invalid_argument);
  CHECK_THROWS_AS((void)sdk::label_from_image("normal", grey8), std::invalid_argument);
  CHECK_THROWS_AS((void)sdk::label_from_image("reshading", grey16), std::invalid_argument);
  CHECK_THROWS_AS((void)sdk::label_from_image("pose", grey8), std::invalid_argument);
}
