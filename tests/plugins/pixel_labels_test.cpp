// Labels and metrics of pixel tasks on made-up samples whose answer is known.
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include <taskonomy/sdk/augment.hpp>
#include <taskonomy/sdk/extensions.hpp>

#include "tests/plugins/built_plugins.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;
using tests::kSide;

namespace {

std::shared_ptr<sdk::Task> pixel_task(const std::string& id) {
  sdk::DatasetInfo info;
  info.id = "made_up";
  info.modalities = {"rgb", "depth_zbuffer", "intrinsics", id};
  return tests::built_plugins().create_task(id, {}, info, kSide);
}

torch::Tensor label_of(const std::string& id, const sdk::Sample& sample) {
  auto generator = at::detail::createCPUGenerator(1);
  return pixel_task(id)->make_example(sample, generator).target;
}

sdk::Sample depth_sample(const torch::Tensor& depth) {
  const float f = static_cast<float>(kSide), c = f / 2.0F;
  return {"made_up",
          {{"depth_zbuffer", depth},
           {"intrinsics", torch::tensor({f, 0.0F, c, 0.0F, f, c, 0.0F, 0.0F, 1.0F}).reshape({1, 3, 3})}}};
}

/// One metric of one image.
double metric(const std::string& id, const std::string& name, const torch::Tensor& prediction,
              const torch::Tensor& target, const torch::Tensor& mask = {}) {
  const auto task = pixel_task(id);
  const auto* metrics = sdk::extension_of<sdk::Metrics>(*task);
  REQUIRE(metrics != nullptr);
  const torch::Tensor measured = metrics->measure(prediction, target, mask);
  CHECK(measured.sizes() ==
        torch::IntArrayRef({prediction.size(0), static_cast<std::int64_t>(metrics->metrics().size())}));
  for (std::size_t k = 0; k < metrics->metrics().size(); ++k) {
    if (metrics->metrics()[k].name == name) return measured[0][static_cast<std::int64_t>(k)].item<double>();
  }
  FAIL("no metric ", name);
  return 0.0;
}

/// The label of depth tasks for d metres, with the default max_depth of 10 m.
torch::Tensor depth_label(double metres) {
  return torch::full({1, 1, 4, 4}, 2.0 * std::log1p(metres) / std::log1p(10.0) - 1.0);
}

}  // namespace

TEST_CASE("a stored label is taken before a derived one, as a share of its clip") {
  // Half of the reference's clips; for 2D keypoints a quarter, whose root is a half.
  const std::vector<std::pair<std::string, double>> halves{
      {"edge_texture", 0.04}, {"edge_occlusion", 0.003125}, {"keypoints2d", 0.00125}, {"keypoints3d", 0.5}};
  for (const auto& stored : halves) {
    const std::string& id = stored.first;
    sdk::Sample sample = depth_sample(torch::full({1, 1, kSide, kSide}, 2.0));
    sample.data["rgb"] = torch::zeros({1, 3, kSide, kSide}, torch::kUInt8);
    sample.data[id] = torch::full({1, 1, kSide, kSide}, stored.second);
    INFO(id);
    CHECK(label_of(id, sample).abs().max().item<double>() < 1e-5);
    sample.data.erase(id);  // what is derived from nothing but flat grey and a wall is no edge or keypoint
    CHECK(label_of(id, sample).max().item<double>() < -0.99);
  }
}

TEST_CASE("2D keypoints peak on a blob and not on the edge of a stripe") {
  const torch::Tensor at = torch::arange(kSide, torch::kFloat32);
  const torch::Tensor blob =
      torch::exp(-((at - 20.0).square().reshape({1, kSide}) + (at - 40.0).square().reshape({kSide, 1})) /
                 (2.0 * 2.0 * 2.0));
  const torch::Tensor stripe = (at > 50.0).to(torch::kFloat32).reshape({1, kSide}).expand({kSide, kSide});
  const torch::Tensor grey = (60.0 * torch::maximum(blob, stripe)).to(torch::kUInt8);
  const torch::Tensor label =
      label_of("keypoints2d", {"made_up", {{"rgb", grey.expand({1, 3, kSide, kSide}).contiguous()}}})[0];
  CHECK(label.argmax().item<std::int64_t>() == 40 * kSide + 20);
  CHECK(label.slice(1, 47).max().item<double>() < -0.9);
  CHECK(label[40][20].item<double>() > 0.0);
}

TEST_CASE("occlusion edges surround a plate and fade within a few pixels; paint makes none") {
  torch::Tensor depth = torch::full({1, 1, kSide, kSide}, 3.0);
  depth.slice(2, 20, 44).slice(3, 20, 44).fill_(2.0);
  sdk::Sample sample = depth_sample(depth);
  const torch::Tensor label = label_of("edge_occlusion", sample)[0];
  CHECK(label[32][19].item<double>() > 0.9);
  CHECK(label[32][20].item<double>() > 0.9);
  CHECK(label[32][32].item<double>() == doctest::Approx(-1.0));
  CHECK(label[5][5].item<double>() == doctest::Approx(-1.0));
  sample.data["rgb"] = torch::randint(255, {1, 3, kSide, kSide}).to(torch::kUInt8);
  CHECK(torch::equal(label_of("edge_occlusion", sample)[0], label));
}

TEST_CASE("3D keypoints: a plate's corners before its straight edges, and nothing on the wall") {
  torch::Tensor depth = torch::full({1, 1, kSide, kSide}, 3.0);
  depth.slice(2, 16, 48).slice(3, 16, 48).fill_(1.5);
  const torch::Tensor label = label_of("keypoints3d", depth_sample(depth))[0];
  // Around the corner, inside the plate and a little off its border.
  const double corner = label.slice(0, 16, 24).slice(1, 16, 24).max().item<double>();
  const double edge = label.slice(0, 30, 34).slice(1, 16, 24).max().item<double>();
  CHECK(corner > 0.5);
  CHECK(edge < -0.5);
  CHECK(label.slice(0, 0, 4).max().item<double>() == doctest::Approx(-1.0));
  CHECK(label.slice(0, 30, 34).slice(1, 30, 34).max().item<double>() < -0.99);
}

TEST_CASE("metrics of distance: a guess 20 % too far") {
  for (const char* id : {"depth_zbuffer", "depth_euclidean"}) {
    const torch::Tensor target = depth_label(2.0);
    CHECK(metric(id, "abs_rel", depth_label(2.4), target) == doctest::Approx(0.2).epsilon(1e-3));
    CHECK(metric(id, "rmse", depth_label(2.4), target) == doctest::Approx(0.4).epsilon(1e-3));
    CHECK(metric(id, "delta_1.25", depth_label(2.4), target) == doctest::Approx(100.0));
    CHECK(metric(id, "delta_1.25", depth_label(2.6), target) == 0.0);
    CHECK(metric(id, "delta_1.25", depth_label(1.5), target) == 0.0);
    CHECK(metric(id, "abs_rel", target, target) == 0.0);
    const torch::Tensor nothing = torch::zeros({1, 1, 4, 4}, torch::kBool);
    CHECK(std::isnan(metric(id, "rmse", depth_label(2.4), target, nothing)));
  }
}

TEST_CASE("metrics of normals: a quarter of the pixels turned by 20 degrees, lengths do not matter") {
  const torch::Tensor target =
      torch::tensor({0.0F, 0.0F, -1.0F}).reshape({1, 3, 1, 1}).expand({1, 3, 4, 4}).contiguous();
  const double angle = 20.0 * M_PI / 180.0;
  torch::Tensor prediction = target.clone();
  prediction.select(2, 0).copy_(
      torch::tensor({std::sin(angle), 0.0, -std::cos(angle)}, torch::kFloat32).reshape({1, 3, 1}));
  prediction *= 0.3;
  CHECK(metric("normal", "mean_angle", prediction, target) == doctest::Approx(5.0).epsilon(1e-2));
  CHECK(metric("normal", "median_angle", prediction, target) < 0.1);
  CHECK(metric("normal", "within_11.25", prediction, target) == doctest::Approx(75.0));
  CHECK(metric("normal", "within_22.5", prediction, target) == doctest::Approx(100.0));
  CHECK(metric("normal", "within_30", -prediction, target) == 0.0);
}

TEST_CASE("metrics of strengths are on a scale of 0..1, those of curvature in 1/m, 2 at full range") {
  const torch::Tensor target = torch::full({1, 1, 4, 4}, -1.0), prediction = torch::full({1, 1, 4, 4}, 0.0);
  for (const char* id : {"edge_texture", "edge_occlusion", "keypoints2d", "keypoints3d", "reshading"})
    CHECK(metric(id, "l1", prediction, target) == doctest::Approx(0.5));
  const torch::Tensor flat = torch::zeros({1, 2, 4, 4}), bent = torch::full({1, 2, 4, 4}, 0.2);
  CHECK(metric("principal_curvature", "l1", flat, bent) == doctest::Approx(0.4));
}

TEST_CASE("mIoU adds up pixels over images; the mean over images is another number with another name") {
  sdk::DatasetInfo info;
  info.id = "made_up";
  info.modalities = {"rgb", "segment_semantic"};
  info.class_names["segment_semantic"] = {"uncertain", "a", "b", "c"};
  const auto task = tests::built_plugins().create_task("segment_semantic", {}, info, kSide);
  const auto* pooled = sdk::extension_of<sdk::PooledMetrics>(*task);
  const auto* single = sdk::extension_of<sdk::Metrics>(*task);
  REQUIRE(pooled != nullptr);
  REQUIRE(single != nullptr);
  CHECK(pooled->pooled_metrics().at(0).name == "miou");
  CHECK(single->metrics().at(0).name == "image_miou");
  const torch::Tensor labels = torch::tensor({0, 0, 0, 1, 1, 1, 1, 1}).to(torch::kUInt8).view({2, 1, 1, 4});
  const torch::Tensor predicted = torch::tensor({0, 0, 0, 0, 1, 1, 1, 2}).view({2, 1, 4});
  const torch::Tensor logits = torch::one_hot(predicted, 3).permute({0, 3, 1, 2}).to(torch::kFloat32);
  const torch::Tensor counts = pooled->count(logits, labels, {});
  CHECK(counts.size(0) == 2);
  // a: 3 of 4 pixels, b: 3 of 5, c: 0 of 1.
  CHECK(pooled->pool(counts.sum(0))[0].item<double>() == doctest::Approx(45.0));
  const torch::Tensor metrics = single->measure(logits, labels, {});
  CHECK(metrics[0][0].item<double>() == doctest::Approx(37.5));  // a: 3/4, b: 0
  CHECK(metrics[1][0].item<double>() == doctest::Approx(75.0));  // b: 3/4
  CHECK(metrics[0][1].item<double>() == doctest::Approx(75.0));
  const torch::Tensor nothing = torch::zeros({2, 1, 1, 4}, torch::kBool);
  CHECK(single->measure(logits, labels, nothing).isnan().all().item<bool>());
  CHECK(std::isnan(pooled->pool(pooled->count(logits, labels, nothing).sum(0))[0].item<double>()));
}

namespace {

/// Depth of the plane whose inverse depth is a u + b v + c at the ray (u, v, 1), seen by a camera `scale` times
/// nearer: the ray of the farther camera is (u, v) / scale, and the distance there is divided by the scale.
torch::Tensor plane_depth(double a, double b, double c, double scale) {
  const torch::Tensor ray =
      (torch::arange(kSide, torch::kFloat32) + 0.5) / kSide - 0.5;  // focal length = side
  const torch::Tensor u = ray.view({1, kSide}) / scale, v = ray.view({kSide, 1}) / scale;
  return (1.0 / (a * u + b * v + c) / scale).view({1, 1, kSide, kSide});
}

/// The examples of images whose central crop was enlarged.
sdk::Example enlarged(const std::string& id, const sdk::Sample& sample, double scale) {
  const auto task = pixel_task(id);
  auto generator = at::detail::createCPUGenerator(1);
  const sdk::Example example = task->make_example(sample, generator);
  sdk::Example originals;
  originals.target = example.target.unsqueeze(0);
  originals.mask = example.mask.unsqueeze(0);
  const torch::Tensor centres = (torch::arange(kSide, torch::kFloat32) * 2.0 + 1.0) / kSide - 1.0;
  const torch::Tensor x = (centres / scale).view({1, kSide}).expand({kSide, kSide});
  sdk::Augmentation how;
  how.mirrored = torch::zeros({1}, torch::kBool);
  how.scale = torch::full({1}, scale, torch::kFloat32);
  how.grid = torch::stack({x, x.t()}, 2).unsqueeze(0);
  how.images = torch::zeros({1, 3, kSide, kSide});
  const auto* augment = sdk::extension_of<sdk::Augment>(*task);
  REQUIRE(augment != nullptr);
  return augment->augment(originals, how);
}

}  // namespace

TEST_CASE("labels of an enlarged crop are those of a camera that much nearer") {
  constexpr double kScale = 1.5;
  const auto seen = depth_sample(plane_depth(0.25, -0.1, 0.4, 1.0)),
             nearer = depth_sample(plane_depth(0.25, -0.1, 0.4, kScale));
  for (const std::string id : {"depth_zbuffer", "normal"}) {
    CAPTURE(id);
    const auto expected = label_of(id, nearer), augmented = enlarged(id, seen, kScale).target[0];
    CHECK((expected - augmented).abs().max().item<double>() < 0.02);
    CHECK((expected - label_of(id, seen)).abs().max().item<double>() > 0.1);  // it is another label
  }
}

TEST_CASE("a distance that was cut at max_depth is not known in an enlarged crop") {
  const auto far = enlarged("depth_zbuffer", depth_sample(torch::full({1, 1, kSide, kSide}, 30.0)), 1.2);
  CHECK_FALSE(far.mask.any().item<bool>());
  CHECK(enlarged("depth_zbuffer", depth_sample(torch::full({1, 1, kSide, kSide}, 30.0)), 1.0)
            .mask.all()
            .item<bool>());
}

TEST_CASE("edges and keypoints of an augmented image are made again from it, stored ones are moved") {
  for (const std::string id : {"edge_texture", "keypoints2d"}) {
    CAPTURE(id);
    sdk::DatasetInfo derives;
    derives.id = "made_up";
    derives.modalities = {"rgb"};
    const auto task = tests::built_plugins().create_task(id, {}, derives, kSide);
    const auto* augment = sdk::extension_of<sdk::Augment>(*task);
    REQUIRE(augment != nullptr);
    CHECK(augment->allows_colour());
    auto generator = at::detail::createCPUGenerator(1);
    const auto rgb = torch::randint(0, 256, {1, 3, kSide, kSide}, generator, torch::kUInt8);
    sdk::Augmentation how;
    how.images = rgb.to(torch::kFloat32) / 127.5 - 1.0;
    const auto made = task->make_example({"made_up", {{"rgb", rgb}}}, generator).target;
    CHECK(torch::allclose(augment->augment({}, how).target[0], made, 0.0,
                          0.02));  // a root makes rounding near 0 visible
    const auto stored = pixel_task(id);
    CHECK_FALSE(sdk::extension_of<sdk::Augment>(*stored)->allows_colour());
  }
}
