#include "synthetic_samples.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <string>

namespace taskonomy::sdk::testing {

namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

/// Pixel modalities in which zero says "none". In all others that hold fractions NaN does.
constexpr const char* kZeroIsNone[] = {"depth_zbuffer", "depth_euclidean", "normal", "instance",
                                       "segment_semantic"};
/// Modalities of whole views that hold numbers.
constexpr const char* kNumbers[] = {"pose", "room_layout", "vanishing_points", "match"};
constexpr const char* kRegions[] = {"segment_unsup2d", "segment_unsup25d"};
constexpr const char* kShares[] = {"class_object", "class_scene"};

/// Where a sample is taken: V views of H x W pixels, and the wall's phase in each.
struct Place {
  std::int64_t views, height, width;
  torch::Tensor y, x;   ///< [1,1,H,1], [1,1,1,W]: pixel centres as shares of the image, 0..1
  torch::Tensor phase;  ///< [V,1,1,1]
  double focal;         ///< pixels

  [[nodiscard]] torch::Tensor spread(const torch::Tensor& values) const {
    return values.expand({views, values.size(1), height, width}).contiguous();
  }
};

Place place_of(ViewKind kind, std::int64_t height, std::int64_t width, torch::Generator& generator) {
  const auto centres = [](std::int64_t length) {
    return (torch::arange(length, torch::kFloat32) + 0.5) / static_cast<double>(length);
  };
  const std::int64_t views = views_of(kind);
  return {views,
          height,
          width,
          centres(height).reshape({1, 1, height, 1}),
          centres(width).reshape({1, 1, 1, width}),
          torch::rand({views, 1, 1, 1}, generator, torch::kFloat32) * 6.0,
          static_cast<double>(std::max(height, width))};
}

/// Depth, normals, curvature, shading and image of the wall z(x, y), which agree with the camera of `place`.
void add_wall(Sample& sample, const Place& place, torch::Generator& generator) {
  const auto &x = place.x, &y = place.y, &phase = place.phase;
  const double across = static_cast<double>(place.width) / place.focal;  // rays are (u, v, 1)
  const double down = static_cast<double>(place.height) / place.focal;
  const auto u = (x - 0.5) * across, v = (y - 0.5) * down;
  const auto depth = 2.0 + 0.3 * torch::sin(3.0 * x + phase) + 0.2 * torch::cos(4.0 * y - phase) + 0.2 * x;
  // Points are (u z, v z, z); the cross product of their tangents, with the slopes zu and zv, faces the
  // camera.
  const auto zu = place.spread((0.9 * torch::cos(3.0 * x + phase) + 0.2) / across);
  const auto zv = place.spread(-0.8 * torch::sin(4.0 * y - phase) / down);
  const auto direction = torch::cat({zu, zv, -(depth + u * zu + v * zv)}, 1);
  const auto normal = direction / direction.norm(2, {1}, true);
  const auto ray = torch::cat({place.spread(u), place.spread(v), place.spread(torch::ones({1, 1, 1, 1}))}, 1);
  const auto facing = -(normal * ray).sum(1, true) / ray.norm(2, {1}, true);
  const auto texture = torch::rand({place.views, 3, place.height, place.width}, generator, torch::kFloat32);
  auto& data = sample.data;
  data["rgb"] = ((0.6 * facing + 0.4 * texture).clamp(0.0, 1.0) * 255.0).to(torch::kUInt8);
  data["depth_zbuffer"] = place.spread(depth);
  data["depth_euclidean"] = (depth * ray.norm(2, {1}, true)).contiguous();
  data["normal"] = normal.contiguous();
  data["principal_curvature"] = torch::cat(
      {place.spread(torch::sin(5.0 * x + phase)), place.spread(0.5 * torch::cos(5.0 * y + phase))}, 1);
  data["reshading"] = facing.clamp(0.0, 1.0);
}

/// How many classes the dataset names for a modality; a few where it names none.
std::int64_t classes_of(const DatasetInfo& dataset, const std::string& modality) {
  const auto names = dataset.class_names.find(modality);
  constexpr std::int64_t kFew = 5;
  return names == dataset.class_names.end() ? kFew : static_cast<std::int64_t>(names->second.size());
}

/// Blocks of 8 x 8 pixels as regions, objects and classes.
void add_blocks(Sample& sample, const Place& place, std::uint64_t seed, const DatasetInfo& dataset) {
  const auto row = torch::arange(place.height).floor_divide(8).reshape({1, 1, place.height, 1});
  const auto column = torch::arange(place.width).floor_divide(8).reshape({1, 1, 1, place.width});
  const auto block = place.spread(row * 4 + column + static_cast<std::int64_t>(seed % 5));
  auto& data = sample.data;
  for (const char* name : kRegions) data[name] = (block % 6 + 1).to(torch::kInt32);
  data["instance"] = (block % 6 + 1).to(torch::kInt32);
  const std::int64_t named = std::max<std::int64_t>(1, classes_of(dataset, "segment_semantic") - 1);
  data["segment_semantic"] = (block % named + 1).to(torch::kUInt8);
}

/// Labels of whole views, cameras, and pixel labels that are numbers without a shape behind them.
void add_numbers(Sample& sample, const Place& place, std::uint64_t seed, const DatasetInfo& dataset,
                 torch::Generator& generator) {
  const std::int64_t views = place.views;
  const auto random = [&](std::int64_t length) {
    return torch::randn({views, length}, generator, torch::kFloat32);
  };
  auto& data = sample.data;
  double waves = 4.0;  // across the image, another number for each label
  for (const char* name : {"edge_texture", "edge_occlusion", "keypoints2d", "keypoints3d"}) {
    const auto wave = 0.5 + 0.5 * torch::sin(waves * (place.x + place.y) + place.phase);
    data[name] = place.spread(wave.pow(8));  // most responses are faint: tasks clip theirs as low as 0.005
    waves += 2.0;
  }
  for (const char* name : kShares) data[name] = torch::softmax(random(classes_of(dataset, name)), 1);
  const auto focal = static_cast<float>(place.focal);
  const float centre_x = static_cast<float>(place.width) / 2.0F,
              centre_y = static_cast<float>(place.height) / 2.0F;
  data["intrinsics"] = torch::tensor({focal, 0.0F, centre_x, 0.0F, focal, centre_y, 0.0F, 0.0F, 1.0F})
                           .reshape({1, 3, 3})
                           .repeat({views, 1, 1});
  data["pose"] = torch::eye(4).repeat({views, 1, 1});
  for (std::int64_t view = 0; view < views; ++view)
    data["pose"][view][0][3] = 0.1 * static_cast<double>(view);
  data["room_layout"] = torch::cat({random(6), 2.0 + torch::rand({views, 3}, generator, torch::kFloat32)}, 1);
  data["vanishing_points"] = torch::eye(3).repeat({views, 1, 1});
  data["match"] = torch::full({1}, static_cast<float>(seed % 2));
}

template <std::size_t Count>
bool is_one_of(const char* const (&names)[Count], const std::string& name) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

template <typename Change>
Sample changed(Sample sample, Change change) {
  for (auto& [name, tensor] : sample.data) tensor = change(name, tensor);
  return sample;
}

}  // namespace

Sample made_up_sample(ViewKind kind, std::int64_t height, std::int64_t width, std::uint64_t seed,
                      const DatasetInfo& dataset) {
  auto generator = at::detail::createCPUGenerator(seed);
  const Place place = place_of(kind, height, width, generator);
  Sample sample{"sample_" + std::to_string(seed), {}};
  add_wall(sample, place, generator);
  add_blocks(sample, place, seed, dataset);
  add_numbers(sample, place, seed, dataset, generator);
  return sample;
}

torch::Tensor spoilt_pixels(std::int64_t height, std::int64_t width) {
  auto pixels = torch::zeros({1, height, width}, torch::kBool);
  pixels.slice(1, height / 2, height / 2 + height / 4).slice(2, 0, width * 3 / 4).fill_(true);
  return pixels;
}

Sample spoilt(Sample sample, const std::vector<std::string>& kept) {
  const std::int64_t height = sample.data.at("rgb").size(2), width = sample.data.at("rgb").size(3);
  const auto pixels = spoilt_pixels(height, width);
  // The four kinds of bad depth take turns along the columns.
  const auto kinds = torch::tensor({kNaN, 0.0F, kInfinity, -1.0F});
  const auto bad = kinds.index_select(0, torch::arange(width) % 4).reshape({1, 1, 1, width});
  return changed(std::move(sample), [&](const std::string& name, const torch::Tensor& tensor) {
    if (std::find(kept.begin(), kept.end(), name) != kept.end()) return tensor;
    if (name.rfind("depth_", 0) == 0) return torch::where(pixels, bad, tensor).contiguous();
    if (is_one_of(kZeroIsNone, name)) return tensor.masked_fill(pixels, 0);
    if (is_one_of(kRegions, name)) return tensor.masked_fill(pixels, -1);
    const bool fractions = tensor.is_floating_point() && tensor.dim() == 4;
    return fractions ? tensor.masked_fill(pixels, kNaN) : tensor;
  });
}

Sample spoilt_everywhere(Sample sample, const std::vector<std::string>& kept) {
  return changed(std::move(sample), [&](const std::string& name, const torch::Tensor& tensor) {
    if (name == "intrinsics" || std::find(kept.begin(), kept.end(), name) != kept.end()) return tensor;
    // A black image: nothing to tell regions apart by.
    if (name == "rgb" || is_one_of(kZeroIsNone, name) || is_one_of(kShares, name))
      return torch::zeros_like(tensor);
    if (is_one_of(kRegions, name)) return torch::full_like(tensor, -1);
    return tensor.is_floating_point() ? torch::full_like(tensor, kNaN) : tensor;
  });
}

Sample mirrored(Sample sample) {
  for (const char* name : {"pose", "room_layout", "match"}) sample.data.erase(name);
  const auto width = static_cast<double>(sample.data.at("rgb").size(3));
  const auto across = torch::tensor({-1.0F, 1.0F, 1.0F});  // x, y, z
  return changed(std::move(sample), [&](const std::string& name, const torch::Tensor& tensor) {
    if (name == "vanishing_points") return (tensor * across).contiguous();
    if (name == "intrinsics") {
      torch::Tensor camera = tensor.clone();
      camera.select(1, 0).select(1, 2).neg_().add_(width);
      return camera;
    }
    if (tensor.dim() != 4) return tensor;
    const torch::Tensor flipped = tensor.flip({3});
    return name == "normal" ? (flipped * across.reshape({3, 1, 1})).contiguous() : flipped.contiguous();
  });
}

Sample in_other_layout(Sample sample) {
  return changed(std::move(sample), [](const std::string&, const torch::Tensor& tensor) {
    return tensor.dim() < 2 ? tensor : tensor.transpose(-1, -2).contiguous().transpose(-1, -2);
  });
}

Sample in_other_types(Sample sample) {
  return changed(std::move(sample), [](const std::string& name, const torch::Tensor& tensor) {
    if (name == "rgb") return tensor.to(torch::kFloat32);
    return tensor.to(tensor.is_floating_point() ? torch::kFloat64 : torch::kInt64);
  });
}

Sample copy_of(const Sample& sample) {
  return changed(sample, [](const std::string&, const torch::Tensor& tensor) { return tensor.clone(); });
}

}  // namespace taskonomy::sdk::testing
