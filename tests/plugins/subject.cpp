// Made-up samples: a wavy wall about two metres away, with texture, classes and all that sample.hpp lists.
#include "tests/plugins/subject.hpp"

#include <cmath>
#include <limits>

#include "core/host/check.hpp"

namespace taskonomy::tests {

namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

/// Label modalities in which NaN says "none".
constexpr const char* kNaNLabels[] = {"principal_curvature", "reshading",   "edge_texture",
                                      "edge_occlusion",      "keypoints2d", "keypoints3d"};

torch::Tensor softmax_labels(int views, std::int64_t classes, torch::Generator& generator) {
  return torch::softmax(torch::randn({views, classes}, generator, torch::kFloat32), 1);
}

}  // namespace

sdk::DecoderConfig Subject::decoder_config() const {
  sdk::DecoderConfig config;
  config.side = side;
  config.in_side = sdk::input_side(info(), side) / 8;
  config.views = sdk::input_views(info());
  return config;
}

std::vector<std::int64_t> Subject::shape(const sdk::TensorSpec& spec) const {
  std::vector<std::int64_t> lengths = spec.shape;
  for (auto& length : lengths) {
    if (length == -1) length = side;
  }
  return lengths;
}

sdk::DatasetInfo everything() { return host::any_dataset(); }

sdk::Sample make_sample(sdk::ViewKind kind, std::int64_t side, std::uint64_t seed) {
  auto generator = at::detail::createCPUGenerator(seed);
  const int views = sdk::views_of(kind);
  const auto coordinate = (torch::arange(side, torch::kFloat32) + 0.5) / static_cast<double>(side);
  const auto y = coordinate.reshape({1, 1, side, 1}), x = coordinate.reshape({1, 1, 1, side});
  const auto phase = torch::rand({views, 1, 1, 1}, generator, torch::kFloat32) * 6.0;
  const double focal = static_cast<double>(side);

  const auto depth = 2.0 + 0.3 * torch::sin(3.0 * x + phase) + 0.2 * torch::cos(4.0 * y - phase) + 0.2 * x;
  const auto u = x - 0.5, v = y - 0.5;  // with focal = side, rays are (u, v, 1)
  // Points are (u z, v z, z); the cross product of their tangents, with the depth's slopes zx and zy, faces
  // the camera.
  const auto zx = (0.9 * torch::cos(3.0 * x + phase) + 0.2).expand_as(depth);
  const auto zy = (-0.8 * torch::sin(4.0 * y - phase)).expand_as(depth);
  const auto direction = torch::cat({zx, zy, -(depth + u * zx + v * zy)}, 1);
  const auto normal = direction / direction.norm(2, {1}, true);
  const auto ray = torch::cat({u.expand_as(depth), v.expand_as(depth), torch::ones_like(depth)}, 1);
  const auto facing = -(normal * ray).sum(1, true) / ray.norm(2, {1}, true);
  const auto texture = torch::rand({views, 3, side, side}, generator, torch::kFloat32);
  const auto rows = torch::arange(side).reshape({1, 1, side, 1}),
             columns = torch::arange(side).reshape({1, 1, 1, side});
  const auto blocks =
      (rows.floor_divide(8) * 4 + columns.floor_divide(8) + static_cast<std::int64_t>(seed % 5)) % 6 + 1;

  sdk::Sample sample{"sample_" + std::to_string(seed), {}};
  auto& data = sample.data;
  data["rgb"] = ((0.6 * facing + 0.4 * texture).clamp(0.0, 1.0) * 255.0).to(torch::kUInt8).contiguous();
  data["depth_zbuffer"] = depth.contiguous();
  data["depth_euclidean"] = (depth * ray.norm(2, {1}, true)).contiguous();
  data["normal"] = normal.contiguous();
  data["principal_curvature"] = torch::cat({torch::sin(5.0 * x + phase).expand_as(depth),
                                            0.5 * torch::cos(5.0 * y + phase).expand_as(depth)},
                                           1)
                                    .contiguous();
  data["reshading"] = facing.clamp(0.0, 1.0).contiguous();
  for (const char* name : {"edge_texture", "edge_occlusion", "keypoints2d", "keypoints3d"})
    data[name] = torch::rand({views, 1, side, side}, generator, torch::kFloat32);
  for (const char* name : {"segment_unsup2d", "segment_unsup25d"})
    data[name] = blocks.expand_as(depth).to(torch::kInt32).contiguous();
  data["segment_semantic"] = blocks.expand_as(depth).to(torch::kUInt8).contiguous();
  data["instance"] = blocks.expand_as(depth).to(torch::kInt32).contiguous();
  data["class_object"] = softmax_labels(views, 5, generator);
  data["class_scene"] = softmax_labels(views, 6, generator);
  const float f = static_cast<float>(focal), c = f / 2.0F;
  data["intrinsics"] =
      torch::tensor({f, 0.0F, c, 0.0F, f, c, 0.0F, 0.0F, 1.0F}).reshape({1, 3, 3}).repeat({views, 1, 1});
  data["pose"] = torch::eye(4).repeat({views, 1, 1});
  for (int view = 0; view < views; ++view) data["pose"][view][0][3] = 0.1 * view;
  const auto box = torch::randn({views, 6}, generator, torch::kFloat32);
  data["room_layout"] = torch::cat({box, 2.0 + torch::rand({views, 3}, generator, torch::kFloat32)}, 1);
  data["vanishing_points"] = torch::eye(3).repeat({views, 1, 1});
  data["match"] = torch::full({1}, static_cast<float>(seed % 2));
  return sample;
}

torch::Tensor spoilt_pixels(std::int64_t side) {
  auto pixels = torch::zeros({1, side, side}, torch::kBool);
  pixels.slice(1, side / 2, side / 2 + side / 4).slice(2, 0, side * 3 / 4).fill_(true);
  return pixels;
}

sdk::Sample spoil(sdk::Sample sample) {
  const std::int64_t side = sample.data.at("rgb").size(-1);
  const auto pixels = spoilt_pixels(side);
  // The four kinds of bad depth take turns along the columns.
  const auto kinds =
      torch::tensor({kNaN, 0.0F, kInfinity, -1.0F}).repeat({side / 4}).reshape({1, 1, 1, side});
  for (const char* name : {"depth_zbuffer", "depth_euclidean"}) {
    sample.data[name] = torch::where(pixels, kinds, sample.data[name]).contiguous();
  }
  sample.data["normal"] = sample.data["normal"].masked_fill(pixels, 0.0);
  for (const char* name : kNaNLabels) sample.data[name] = sample.data[name].masked_fill(pixels, kNaN);
  for (const char* name : {"segment_unsup2d", "segment_unsup25d"}) {
    sample.data[name] = sample.data[name].masked_fill(pixels, -1);
  }
  for (const char* name : {"segment_semantic", "instance"}) {
    sample.data[name] = sample.data[name].masked_fill(pixels, 0);
  }
  return sample;
}

sdk::Sample spoil_all(sdk::Sample sample) {
  for (const char* name : {"depth_zbuffer", "depth_euclidean", "normal", "segment_semantic", "instance",
                           "class_object", "class_scene"}) {
    sample.data[name] = torch::zeros_like(sample.data[name]);
  }
  for (const char* name : kNaNLabels) sample.data[name] = torch::full_like(sample.data[name], kNaN);
  for (const char* name : {"pose", "room_layout", "vanishing_points", "match"}) {
    sample.data[name] = torch::full_like(sample.data[name], kNaN);
  }
  for (const char* name : {"segment_unsup2d", "segment_unsup25d"}) {
    sample.data[name] = torch::full_like(sample.data[name], -1);
  }
  sample.data["rgb"] = torch::zeros_like(sample.data["rgb"]);  // nothing to tell regions apart by
  return sample;
}

Batch make_batch(const Subject& subject, std::int64_t images, std::uint64_t seed) {
  const auto& info = subject.info();
  std::vector<torch::Tensor> targets, masks;
  for (std::int64_t image = 0; image < images; ++image) {
    const auto image_seed = seed + static_cast<std::uint64_t>(image);
    auto generator = at::detail::createCPUGenerator(image_seed);
    const auto example =
        subject.task->make_example(make_sample(info.view_kind, subject.side, image_seed), generator);
    targets.push_back(example.target);
    if (info.mask != sdk::MaskKind::none) masks.push_back(example.mask);
  }
  Batch batch;
  batch.target = torch::stack(targets);
  if (info.mask != sdk::MaskKind::none) {
    batch.mask = torch::stack(masks);
    if (info.mask == sdk::MaskKind::pixel) {
      auto holes = torch::ones({subject.side, subject.side}, torch::kBool);
      holes.slice(0, 0, subject.side / 3).fill_(false);
      batch.mask = batch.mask.logical_and(holes);
    }
  }
  auto generator = at::detail::createCPUGenerator(seed + 1000);
  auto shape = subject.shape(info.prediction);
  shape.insert(shape.begin(), images);
  batch.prediction = torch::randn(shape, generator, torch::kFloat32);
  if (std::isfinite(info.prediction.low)) {
    const double span = info.prediction.high - info.prediction.low;
    batch.prediction = info.prediction.low + span * torch::sigmoid(batch.prediction);
  }
  batch.prediction = batch.prediction.detach().requires_grad_(true);
  return batch;
}

bool same(const torch::Tensor& a, const torch::Tensor& b) {
  if (!a.defined() || !b.defined()) return a.defined() == b.defined();
  return a.dtype() == b.dtype() && a.sizes() == b.sizes() && torch::allclose(a, b, 0.0, 0.0, true);
}

}  // namespace taskonomy::tests
