// Normals from depth against surfaces whose normals are known.
#include "tests/support/testing.hpp"

#include <cmath>
#include <limits>

#include <taskonomy/sdk/toolbox/geometry.hpp>

using namespace taskonomy;

namespace {

torch::Tensor camera(double fx, double fy, double cx, double cy) {
  return torch::tensor({fx, 0.0, cx, 0.0, fy, cy, 0.0, 0.0, 1.0}, torch::kFloat32).reshape({1, 3, 3});
}

/// Rays with z = 1 through the pixel centres [1,3,H,W].
torch::Tensor rays(const torch::Tensor& intrinsics, std::int64_t height, std::int64_t width) {
  const torch::Tensor directions = sdk::view_directions(intrinsics, height, width);
  return directions / directions.slice(1, 2, 3);
}

/// Depth of the plane n.P = k [1,1,H,W]; 0 where it lies behind the camera.
torch::Tensor plane_depth(const torch::Tensor& intrinsics, const torch::Tensor& n, double k,
                          std::int64_t side) {
  const torch::Tensor depth = k / (rays(intrinsics, side, side) * n.reshape({1, 3, 1, 1})).sum(1, true);
  return torch::where(depth > 0.0, depth, torch::zeros({}));
}

/// Largest angle in degrees between the normals and expected ones, where valid and `where` (bool [1,1,H,W])
/// hold.
double largest_angle(const sdk::Normals& got, const torch::Tensor& expected, const torch::Tensor& where) {
  const torch::Tensor cosine = (got.normal * expected).sum(1, true).clamp(-1.0, 1.0);
  const torch::Tensor used = cosine.masked_select(got.valid.logical_and(where));
  REQUIRE(used.numel() > 0);
  return std::acos(used.min().item<double>()) * 180.0 / M_PI;
}

const torch::Tensor kEverywhere = torch::ones({1, 1, 1, 1}, torch::kBool);

}  // namespace

TEST_CASE("planes at any angle give their own normal, also at image borders and off-centre cameras") {
  torch::manual_seed(5);
  for (int trial = 0; trial < 20; ++trial) {
    const torch::Tensor intrinsics = camera(40.0 + 3.0 * trial, 50.0, 28.0, 37.0);
    torch::Tensor n = torch::randn({3});
    n[2] = -n[2].abs() - 0.3;  // faces the camera
    n = n / n.norm();
    const torch::Tensor depth = plane_depth(intrinsics, n, -2.0, 64);
    for (const std::int64_t radius : {1, 2}) {
      const sdk::Normals got = sdk::normals_from_depth(depth, intrinsics, {radius, 0.05});
      CHECK(largest_angle(got, n.reshape({1, 3, 1, 1}), kEverywhere) < 0.2);
      CHECK(got.valid.to(torch::kFloat32).mean().item<double>() >
            0.5 * (depth > 0).to(torch::kFloat32).mean().item<double>());
    }
  }
}

TEST_CASE("a wall facing the camera has normal (0,0,-1) and full brightness in the middle") {
  const torch::Tensor intrinsics = camera(60, 60, 32, 32);
  const sdk::Normals got = sdk::normals_from_depth(torch::full({1, 1, 64, 64}, 3.0), intrinsics);
  CHECK(got.valid.all().item<bool>());
  CHECK(got.normal[0][2][10][50].item<float>() == doctest::Approx(-1.0));
  const torch::Tensor shading = sdk::lambert_at_camera(got.normal, intrinsics);
  CHECK(shading[0][0][32][32].item<double>() == doctest::Approx(1.0).epsilon(1e-3));
  const double corner = std::hypot(31.5 / 60.0, 31.5 / 60.0);  // tangent of the angle off the axis
  CHECK(shading[0][0][63][63].item<double>() == doctest::Approx(1.0 / std::sqrt(1.0 + corner * corner)));
}

TEST_CASE("a sphere's normals point away from its centre") {
  const torch::Tensor intrinsics = camera(120, 120, 64, 64);
  const torch::Tensor directions = sdk::view_directions(intrinsics, 128, 128);
  // |t v - c| = 1 with c = (0.2, -0.1, 4): t = v.c - sqrt((v.c)^2 - c.c + 1)
  const torch::Tensor centre = torch::tensor({0.2F, -0.1F, 4.0F}).reshape({1, 3, 1, 1});
  const torch::Tensor along = (directions * centre).sum(1, true);
  const torch::Tensor root = along.square() - centre.square().sum() + 1.0;
  const torch::Tensor hit = root > 0.0;
  const torch::Tensor points = directions * (along - root.clamp_min(0.0).sqrt());
  const torch::Tensor depth = torch::where(hit, points.slice(1, 2, 3), torch::zeros({}));
  const torch::Tensor expected = points - centre;
  const torch::Tensor frontal =
      (expected * directions).sum(1, true) < -0.5;  // within 60 degrees of the viewer
  CHECK(largest_angle(sdk::normals_from_depth(depth, intrinsics), expected, hit.logical_and(frontal)) < 2.0);
}

TEST_CASE("a depth jump bends no normals on either side") {
  const torch::Tensor intrinsics = camera(60, 60, 32, 32);
  torch::Tensor depth = torch::full({1, 1, 64, 64}, 4.0);
  depth.slice(3, 20, 40).fill_(2.0);
  const sdk::Normals got = sdk::normals_from_depth(depth, intrinsics, {2, 0.05});
  CHECK(got.valid.all().item<bool>());
  const torch::Tensor towards = torch::tensor({0.0F, 0.0F, -1.0F}).reshape({1, 3, 1, 1});
  CHECK(largest_angle(got, towards, kEverywhere) < 0.01);
}

TEST_CASE("missing, infinite, negative and NaN readings have no normal and harm no neighbour") {
  const torch::Tensor intrinsics = camera(60, 60, 32, 32);
  torch::Tensor depth = torch::full({1, 1, 64, 64}, 2.5);
  const float bad[] = {0.0F, -1.0F, std::numeric_limits<float>::quiet_NaN(),
                       std::numeric_limits<float>::infinity()};
  for (int i = 0; i < 4; ++i) depth[0][0][10 * i + 5][20] = bad[i];
  const sdk::Normals got = sdk::normals_from_depth(depth, intrinsics);
  for (int i = 0; i < 4; ++i) {
    CHECK_FALSE(got.valid[0][0][10 * i + 5][20].item<bool>());
    CHECK(got.normal[0].select(1, 10 * i + 5).select(1, 20).abs().max().item<float>() == 0.0F);
    CHECK(got.normal[0][2][10 * i + 5][21].item<float>() == doctest::Approx(-1.0));
  }
  CHECK_FALSE(sdk::normals_from_depth(torch::zeros({2, 1, 4, 1}), camera(9, 9, 1, 1).expand({2, 3, 3}))
                  .valid.any()
                  .item<bool>());
}

TEST_CASE("surface_normals prefers the sample's own normals and names what is missing") {
  sdk::Sample sample{"kitchen/7", {}};
  CHECK_THROWS_WITH_AS((void)sdk::surface_normals(sample),
                       "sample \"kitchen/7\": modality \"depth_zbuffer\" is missing; it has: nothing",
                       std::invalid_argument);
  sample.data["depth_zbuffer"] = torch::full({1, 1, 8, 8}, 2.0);
  CHECK_THROWS_WITH_AS((void)sdk::surface_normals(sample),
                       "sample \"kitchen/7\": modality \"intrinsics\" is missing; it has: depth_zbuffer",
                       std::invalid_argument);
  sample.data["normal"] = torch::full({1, 3, 8, 8}, 2.0);
  sample.data["normal"][0].select(1, 0).fill_(std::numeric_limits<float>::quiet_NaN());
  const torch::Tensor normal = sdk::surface_normals(sample);
  CHECK(normal[0][1][5][5].item<double>() == doctest::Approx(1.0 / std::sqrt(3.0)));
  CHECK(normal[0][1][0][5].item<float>() == 0.0F);
}
