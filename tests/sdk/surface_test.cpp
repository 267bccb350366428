// Curvatures and depth jumps against surfaces on which both are known: planes, balls, cylinders, steps.
#include "tests/support/testing.hpp"

#include <cmath>
#include <limits>

#include <taskonomy/sdk/toolbox/geometry.hpp>
#include <taskonomy/sdk/toolbox/surface.hpp>

using namespace taskonomy;

namespace {

constexpr std::int64_t kSide = 96;

torch::Tensor camera() {
  return torch::tensor({100.0F, 0.0F, 48.0F, 0.0F, 100.0F, 48.0F, 0.0F, 0.0F, 1.0F}).reshape({1, 3, 3});
}

/// Depth [1,1,H,W] and outward normals of the quadric |A (P - centre)| = radius, A = diag(1, y, 1), y = 0 for
/// an upright cylinder and 1 for a ball; the near side, or the far one seen from inside.
struct Round {
  torch::Tensor depth, normal;

  Round(double y, double radius, bool inside) {
    const torch::Tensor rays = sdk::view_directions(camera(), kSide, kSide);
    const torch::Tensor axes = torch::tensor({1.0, y, 1.0}, torch::kFloat32).reshape({1, 3, 1, 1});
    const torch::Tensor centre = torch::tensor({0.1F, -0.05F, 3.0F}).reshape({1, 3, 1, 1});
    const torch::Tensor flat = rays * axes;
    const torch::Tensor a = flat.square().sum(1, true), b = (flat * centre).sum(1, true);
    const double c = (centre * axes).square().sum().item<double>() - radius * radius;
    const torch::Tensor root = b.square() - a * c;
    const torch::Tensor at = (b + (inside ? 1.0 : -1.0) * root.clamp_min(0.0).sqrt()) / a;
    const torch::Tensor hit = root > 0.0, points = rays * at;
    const torch::Tensor away = (points - centre) * axes / radius;
    depth = torch::where(hit, points.slice(1, 2, 3), torch::zeros({}));
    normal = torch::where(hit, inside ? -away : away, torch::zeros({}));
  }
  /// Within 60 degrees of the viewer.
  [[nodiscard]] torch::Tensor frontal() const {
    return (normal * sdk::view_directions(camera(), kSide, kSide)).sum(1, true) < -0.5;
  }
};

/// Largest |curvature - expected| where known and `where` (bool [1,1,H,W]), of first and second.
double worst(const torch::Tensor& curvature, double first, double second, const torch::Tensor& where) {
  const torch::Tensor expected = torch::tensor({first, second}, torch::kFloat32).reshape({1, 2, 1, 1});
  const torch::Tensor used = where.logical_and(curvature.isfinite().all(1, true));
  REQUIRE(used.sum().item<double>() > 500.0);
  return (curvature - expected).abs().amax(1, true).masked_select(used).max().item<double>();
}

torch::Tensor plane_depth(const torch::Tensor& n, double k) {
  const torch::Tensor rays = sdk::view_directions(camera(), kSide, kSide);
  return k / (rays / rays.slice(1, 2, 3) * n.reshape({1, 3, 1, 1})).sum(1, true);
}

}  // namespace

TEST_CASE("a ball bends by 1/r both ways, a cylinder one way, and hollows are negative") {
  for (const bool inside : {false, true}) {
    for (const double y : {1.0, 0.0}) {
      const Round round(y, 0.8, inside);
      const double k = (inside ? -1.0 : 1.0) / 0.8;
      const torch::Tensor points = sdk::points_from_depth(round.depth, camera());
      INFO("y ", y, " inside ", inside);
      const torch::Tensor exact = sdk::principal_curvatures(points, round.normal);
      CHECK(worst(exact, k, y * k, round.frontal()) < 0.02);
      const sdk::Normals normals = sdk::normals_from_depth(round.depth, camera(), {2, 0.05});
      const torch::Tensor derived = sdk::principal_curvatures(points, normals.normal, {3, 0.4, 0.5});
      const torch::Tensor error = (derived - exact).abs().amax(1, true);
      const torch::Tensor used = round.frontal().logical_and(error.isfinite());
      CHECK(error.masked_select(used).median().item<double>() < 0.15);
    }
  }
}

TEST_CASE("planes at any angle are flat and have no jumps") {
  for (const double tilt : {0.0, 0.5, 1.0, 1.3}) {
    const torch::Tensor n =
        torch::tensor({std::sin(tilt) * 0.6, std::sin(tilt) * 0.8, -std::cos(tilt)}, torch::kFloat32);
    torch::Tensor depth = plane_depth(n, -2.0);
    depth = torch::where((depth > 0.0).logical_and(depth < 40.0), depth, torch::zeros({}));
    const sdk::DepthJumps jumps = sdk::depth_jumps(depth);
    CHECK(jumps.right.abs().max().item<double>() < 2e-3);
    CHECK(jumps.down.abs().max().item<double>() < 2e-3);
    const torch::Tensor normal = n.reshape({1, 3, 1, 1}).expand({1, 3, kSide, kSide});
    const torch::Tensor curvature =
        sdk::principal_curvatures(sdk::points_from_depth(depth, camera()), normal);
    CHECK(worst(curvature, 0.0, 0.0, depth > 0.0) < 1e-4);
  }
}

TEST_CASE("larger magnitude comes first and a crease belongs to neither side") {
  const Round bowl(0.0, 0.8, true);
  const torch::Tensor k =
      sdk::principal_curvatures(sdk::points_from_depth(bowl.depth, camera()), bowl.normal);
  CHECK((k.select(1, 0).abs() + 1e-5 < k.select(1, 1).abs()).any().item<bool>() == false);

  // Two walls that meet at a right angle in the middle, each with its own normal.
  const float root = std::sqrt(0.5F);
  const torch::Tensor left = torch::tensor({root, 0.0F, -root}), right = torch::tensor({-root, 0.0F, -root});
  torch::Tensor depth = torch::cat(
      {plane_depth(left, -2.0).slice(3, 0, kSide / 2), plane_depth(right, -2.0).slice(3, kSide / 2)}, 3);
  torch::Tensor normal = torch::cat({left.reshape({1, 3, 1, 1}).expand({1, 3, kSide, kSide / 2}),
                                     right.reshape({1, 3, 1, 1}).expand({1, 3, kSide, kSide / 2})},
                                    3);
  const torch::Tensor flat = sdk::principal_curvatures(sdk::points_from_depth(depth, camera()), normal);
  CHECK(worst(flat, 0.0, 0.0, torch::ones({1, 1, 1, 1}, torch::kBool)) < 1e-3);
  const double crease = sdk::depth_jumps(depth).right.abs().max().item<double>();
  CHECK(crease <= 0.5 * 2.0 / 100.0 + 1e-3);  // half the change of slope: each wall's is 1/f per pixel
}

TEST_CASE("a step from 2 m to 3 m is a jump of a third, positive from the near side, and nothing beside it") {
  torch::Tensor depth = torch::full({1, 1, 20, 20}, 3.0);
  depth.slice(3, 5, 12).slice(2, 4, 15).fill_(2.0);
  const sdk::DepthJumps jumps = sdk::depth_jumps(depth);
  const double third = 1.0 - 2.0 / 3.0;
  CHECK(jumps.right[0][0][8][4].item<double>() == doctest::Approx(-third));
  CHECK(jumps.right[0][0][8][11].item<double>() == doctest::Approx(third));
  CHECK(jumps.down[0][0][3][8].item<double>() == doctest::Approx(-third));
  CHECK(jumps.down[0][0][14][8].item<double>() == doctest::Approx(third));
  CHECK(jumps.right.count_nonzero().item<std::int64_t>() == 2 * 11);
  CHECK(jumps.down.count_nonzero().item<std::int64_t>() == 2 * 7);
}

TEST_CASE("an object of one pixel's width keeps its jumps") {
  torch::Tensor depth = torch::full({1, 1, 9, 9}, 4.0);
  depth.slice(3, 4, 5).fill_(1.0);
  const sdk::DepthJumps jumps = sdk::depth_jumps(depth);
  CHECK(jumps.right[0][0][2][3].item<double>() == doctest::Approx(-0.75));
  CHECK(jumps.right[0][0][2][4].item<double>() == doctest::Approx(0.75));
}

TEST_CASE("pixels without a reading have no curvature and no jump, and harm no neighbour") {
  torch::Tensor depth = torch::full({1, 1, kSide, kSide}, 2.0);
  const float bad[] = {0.0F, -1.0F, std::numeric_limits<float>::quiet_NaN(),
                       std::numeric_limits<float>::infinity()};
  for (int i = 0; i < 4; ++i) depth[0][0][20 * i + 5][30] = bad[i];
  const sdk::DepthJumps jumps = sdk::depth_jumps(depth);
  CHECK(jumps.right.abs().max().item<double>() == 0.0);
  CHECK(jumps.down.abs().max().item<double>() == 0.0);
  const torch::Tensor normal =
      torch::tensor({0.0F, 0.0F, -1.0F}).reshape({1, 3, 1, 1}).expand({1, 3, kSide, kSide});
  const torch::Tensor points = sdk::points_from_depth(depth, camera());
  const torch::Tensor curvature = sdk::principal_curvatures(points, normal);
  CHECK(curvature.isnan().sum().item<std::int64_t>() == 2 * 4);
  CHECK(curvature.nan_to_num(0.0).abs().max().item<double>() < 1e-5);
  CHECK(points.isfinite().all().item<bool>());
  CHECK(sdk::principal_curvatures(points, torch::zeros_like(points)).isnan().all().item<bool>());
  CHECK_THROWS_AS((void)sdk::principal_curvatures(points, depth), std::invalid_argument);
}
