#include "core/checks/sample_layout.hpp"

#include <map>
#include <optional>
#include <vector>

#include "core/base/text.hpp"

namespace taskonomy::checks {

namespace {

/// Type and shape of a modality of sample.hpp; -1: any length, or with `pixels` the side.
struct Layout {
  torch::Dtype type;
  std::vector<std::int64_t> shape;  ///< without the views
  bool pixels = false;
};

std::optional<Layout> layout_of(const std::string& modality) {
  static const std::map<std::string, Layout> known = [] {
    const auto maps = [](torch::Dtype type, std::int64_t channels) {
      return Layout{type, {channels, -1, -1}, true};
    };
    std::map<std::string, Layout> all{{"rgb", maps(torch::kUInt8, 3)},
                                      {"normal", maps(torch::kFloat32, 3)},
                                      {"principal_curvature", maps(torch::kFloat32, 2)},
                                      {"segment_semantic", maps(torch::kUInt8, 1)},
                                      {"class_object", {torch::kFloat32, {-1}}},
                                      {"class_scene", {torch::kFloat32, {-1}}},
                                      {"intrinsics", {torch::kFloat32, {3, 3}}},
                                      {"pose", {torch::kFloat32, {4, 4}}},
                                      {"room_layout", {torch::kFloat32, {9}}},
                                      {"vanishing_points", {torch::kFloat32, {3, 3}}}};
    for (const char* name : {"depth_zbuffer", "depth_euclidean", "reshading", "edge_texture",
                             "edge_occlusion", "keypoints2d", "keypoints3d"})
      all[name] = maps(torch::kFloat32, 1);
    for (const char* name : {"segment_unsup2d", "segment_unsup25d", "instance"})
      all[name] = maps(torch::kInt32, 1);
    return all;
  }();
  const auto found = known.find(modality);
  return found == known.end() ? std::nullopt : std::optional(found->second);
}

std::string shape_text(const torch::Tensor& tensor) {
  std::vector<std::string> lengths;
  for (const auto length : tensor.sizes()) lengths.push_back(std::to_string(length));
  return std::string(torch::toString(tensor.scalar_type())) + " [" + base::join(lengths, ",") + "]";
}

/// What a modality of a sample should be: "Float [1,1,32,32]"; "" where it is.
std::string wrong_layout(const std::string& name, const torch::Tensor& values, std::int64_t views,
                         std::int64_t side) {
  std::optional<Layout> layout = layout_of(name);
  if (name == "match") layout = Layout{torch::kFloat32, {}};  // one for the pair
  if (!layout) return "";
  std::vector<std::int64_t> shape{name == "match" ? 1 : views};
  shape.insert(shape.end(), layout->shape.begin(), layout->shape.end());
  bool right =
      values.scalar_type() == layout->type && values.dim() == static_cast<std::int64_t>(shape.size());
  for (std::size_t index = 0; index < shape.size(); ++index) {
    if (shape[index] == -1 && layout->pixels) shape[index] = side;
    if (right && shape[index] != -1) right = values.size(static_cast<std::int64_t>(index)) == shape[index];
  }
  if (right) return "";
  std::vector<std::string> lengths;
  for (const auto length : shape) lengths.push_back(length == -1 ? "C" : std::to_string(length));
  return std::string(torch::toString(layout->type)) + " [" + base::join(lengths, ",") + "]";
}

}  // namespace

std::string wrong_layout(const SamplePlace& place, const sdk::Sample& sample, std::int64_t side) {
  std::map<std::string, torch::Tensor> sorted(sample.data.begin(), sample.data.end());
  for (const auto& [name, values] : sorted) {
    const std::string expected = wrong_layout(name, values, sdk::views_of(place.kind), side);
    if (!expected.empty())
      return text_of(place) + ": " + name + " is " + shape_text(values) + ", expected " + expected;
    if (!values.device().is_cpu() || !values.is_contiguous())
      return text_of(place) + ": " + name + " is not contiguous on the CPU";
  }
  return "";
}

}  // namespace taskonomy::checks
