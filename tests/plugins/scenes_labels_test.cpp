// Labels derived from depth against the exact geometry of rendered rooms: what a data set without labels gets
// is what one with labels has.
#include <cmath>
#include <string>
#include <vector>

#include "tests/plugins/built_plugins.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;
using tests::kSide;

namespace {

/// One view of each of 24 rooms, with exact geometry.
const std::vector<sdk::Sample>& views() {
  static const std::vector<sdk::Sample> list = [] {
    recipe::Table table;
    table["rooms"].value = std::int64_t{24};
    table["views_per_room"].value = std::int64_t{1};
    const auto dataset = tests::built_plugins().create_dataset("scenes", table, kSide, 5);
    std::vector<sdk::Sample> samples;
    for (const sdk::Scene& room : dataset->scenes(sdk::ViewKind::single)) {
      samples.push_back(dataset->sample(
          room.id, 0, sdk::ViewKind::single,
          {"depth_zbuffer", "depth_euclidean", "normal", "principal_curvature", "reshading", "intrinsics"}));
    }
    return samples;
  }();
  return list;
}

sdk::DatasetInfo dataset_of(const sdk::Sample& sample) {
  sdk::DatasetInfo info;
  info.id = "made_up";
  for (const auto& [name, tensor] : sample.data) info.modalities.push_back(name);
  return info;
}

/// A task's example of a sample from which only some modalities are kept.
sdk::Example example_from(const std::string& task, const sdk::Sample& sample,
                          const std::vector<std::string>& kept) {
  sdk::Sample poorer{sample.id, {}};
  for (const std::string& name : kept) poorer.data[name] = sample.data.at(name);
  auto generator = at::detail::createCPUGenerator(1);
  return tests::built_plugins()
      .create_task(task, {}, dataset_of(poorer), kSide)
      ->make_example(poorer, generator);
}

/// The viewing directions written out once more: ((c + 0.5 - cx) / fx, (r + 0.5 - cy) / fy, 1), z = 1.
torch::Tensor rays_of(const torch::Tensor& k) {
  const torch::Tensor at = torch::arange(kSide, torch::kFloat32) + 0.5;
  const torch::Tensor x = ((at - k[0][0][2]) / k[0][0][0]).reshape({1, kSide}).expand({kSide, kSide});
  const torch::Tensor y = ((at - k[0][1][2]) / k[0][1][1]).reshape({kSide, 1}).expand({kSide, kSide});
  return torch::stack({x, y, torch::ones({kSide, kSide})});
}

/// How far, as a share of its depth, the neighbour at (dy, dx) lies off the exact tangent plane of the pixel,
/// and the pixel off that of the neighbour; the lesser of the two. [H,W], 0 where there is no neighbour.
torch::Tensor exact_step(const sdk::Sample& sample, std::int64_t dy, std::int64_t dx) {
  const torch::Tensor depth = sample.data.at("depth_zbuffer")[0], normal = sample.data.at("normal")[0];
  const torch::Tensor points = rays_of(sample.data.at("intrinsics")) * depth;
  const auto moved = [&](const torch::Tensor& t) { return t.roll({-dy, -dx}, {1, 2}); };
  const torch::Tensor step = moved(points) - points;
  const torch::Tensor off = torch::minimum((step * normal).sum(0).abs(), (step * moved(normal)).sum(0).abs());
  torch::Tensor share = off / torch::maximum(depth[0], moved(depth)[0]);
  if (dx == 1) share.select(1, kSide - 1).zero_();
  if (dy == 1) share.select(0, kSide - 1).zero_();
  return share;
}

/// Greatest exact step between each pixel and its four neighbours [H,W].
torch::Tensor exact_jump(const sdk::Sample& sample) {
  const torch::Tensor right = exact_step(sample, 0, 1), down = exact_step(sample, 1, 0);
  return torch::maximum(torch::maximum(right, right.roll(1, 1)), torch::maximum(down, down.roll(1, 0)));
}

/// Whether any pixel within `reach` is set: bool [H,W].
torch::Tensor near(const torch::Tensor& pixels, std::int64_t reach) {
  const torch::Tensor wide =
      torch::max_pool2d(pixels.to(torch::kFloat32).unsqueeze(0).unsqueeze(0), 2 * reach + 1, 1, reach);
  return wide[0][0] > 0.5;
}

double correlation(const torch::Tensor& a, const torch::Tensor& b) {
  const torch::Tensor x = a - a.mean(), y = b - b.mean();
  return ((x * y).sum() / (x.square().sum() * y.square().sum()).sqrt()).item<double>();
}

}  // namespace

TEST_CASE("normals from depth are within 3 degrees of the exact ones (median), in nearly every room") {
  std::vector<torch::Tensor> all;
  int good_rooms = 0;
  for (const sdk::Sample& sample : views()) {
    const sdk::Example derived = example_from("normal", sample, {"depth_zbuffer", "intrinsics"});
    const torch::Tensor cosine = (derived.target * sample.data.at("normal")[0]).sum(0, true).clamp(-1.0, 1.0);
    all.push_back(torch::rad2deg(torch::acos(cosine)).masked_select(derived.mask));
    good_rooms += all.back().median().item<double>() < 3.0 ? 1 : 0;
    INFO(sample.id);
    CHECK(derived.mask.to(torch::kFloat32).mean().item<double>() > 0.8);
  }
  CHECK(torch::cat(all).median().item<double>() < 3.0);
  // The rest are rooms full of things narrower than the window that normals are fitted to.
  CHECK(good_rooms >= static_cast<int>(0.8 * static_cast<double>(views().size())));
}

TEST_CASE("curvature from depth correlates with the exact one") {
  std::vector<torch::Tensor> derived, exact;
  for (const sdk::Sample& sample : views()) {
    const sdk::Example label = example_from("principal_curvature", sample, {"depth_zbuffer", "intrinsics"});
    const sdk::Example stored = example_from("principal_curvature", sample, {"principal_curvature"});
    // Off the edges of furniture, whose infinite curvature the exact one leaves out.
    const torch::Tensor turned = near(exact_jump(sample) > 0.01, 2).logical_not();
    const torch::Tensor used = label.mask.logical_and(turned);
    derived.push_back(label.target.masked_select(used));
    exact.push_back(stored.target.masked_select(used));
  }
  const torch::Tensor a = torch::cat(derived), b = torch::cat(exact);
  const double r = correlation(a, b);
  INFO("correlation ", r, " over ", a.numel(), " values");
  CHECK(r > 0.5);  // 0.59; the window is wider than most legs and rims
  const torch::Tensor bent = b.abs() > 0.1;
  const double same_sign = (a * b > 0.0).masked_select(bent).to(torch::kFloat32).mean().item<double>();
  INFO("same sign ", same_sign);
  CHECK(same_sign > 0.8);
}

TEST_CASE("reshading is Lambert's cosine of the exact normal, stored or derived") {
  std::vector<torch::Tensor> errors;
  for (const sdk::Sample& sample : views()) {
    const torch::Tensor rays = rays_of(sample.data.at("intrinsics"));
    const torch::Tensor cosine =
        -(sample.data.at("normal")[0] * rays / rays.norm(2, 0, true)).sum(0, true).clamp(-1.0, 0.0);
    const torch::Tensor expected = 2.0 * cosine - 1.0;
    INFO(sample.id);
    for (const auto& kept : {std::vector<std::string>{"reshading"}, {"normal", "intrinsics"}}) {
      const sdk::Example label = example_from("reshading", sample, kept);
      CHECK(label.mask.all().item<bool>());
      CHECK((label.target - expected).abs().max().item<double>() < 2e-3);
    }
    const sdk::Example derived = example_from("reshading", sample, {"depth_zbuffer", "intrinsics"});
    errors.push_back((derived.target - expected).abs().masked_select(derived.mask));
  }
  CHECK(torch::cat(errors).median().item<double>() < 0.02);  // from depth, of a range of 2
}

TEST_CASE("occlusion edges lie on depth jumps of the exact geometry, and on all great ones") {
  double full = 0, full_on_jump = 0, far = 0, far_dark = 0, great = 0, great_lit = 0;
  for (const sdk::Sample& sample : views()) {
    const torch::Tensor label = example_from("edge_occlusion", sample, {"depth_zbuffer"}).target[0];
    const torch::Tensor jump = exact_jump(sample);
    const auto count = [](const torch::Tensor& pixels) { return pixels.sum().item<double>(); };
    const torch::Tensor lit = label > 0.9, away = near(jump > 0.02, 7).logical_not(), large = jump > 0.3;
    full += count(lit);
    full_on_jump += count(lit.logical_and(near(jump > 0.04, 1)));
    far += count(away);
    far_dark += count(away.logical_and(label < -0.99));
    great += count(large);
    great_lit += count(large.logical_and(label > 0.0));
  }
  REQUIRE(full > 500);
  REQUIRE(far > 500);
  REQUIRE(great > 500);
  INFO("full edges on a jump ", full_on_jump / full, ", dark far from any ", far_dark / far,
       ", great jumps lit ", great_lit / great);
  CHECK(full_on_jump > 0.97 * full);
  CHECK(far_dark > 0.97 * far);
  CHECK(great_lit > 0.95 * great);
}

TEST_CASE("each of the two distances is derived from the other") {
  const sdk::Sample& sample = views().front();
  for (const auto& [task, other] : {std::pair<std::string, std::string>{"depth_zbuffer", "depth_euclidean"},
                                    {"depth_euclidean", "depth_zbuffer"}}) {
    const sdk::Example stored = example_from(task, sample, {task});
    const sdk::Example derived = example_from(task, sample, {other, "intrinsics"});
    CHECK(torch::allclose(stored.target, derived.target, 1e-4, 1e-4));
    CHECK(stored.mask.all().item<bool>());
  }
}
