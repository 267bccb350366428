#include "core/data/exported_view.hpp"

#include <cmath>
#include <cstdio>

#include "core/base/json.hpp"

#include <taskonomy/sdk/image.hpp>
#include <taskonomy/sdk/modality.hpp>
#include <taskonomy/sdk/toolbox/npy.hpp>
#include <taskonomy/sdk/toolbox/pose.hpp>
#include <taskonomy/sdk/toolbox/stored_labels.hpp>

namespace taskonomy::data {

namespace {

using base::Json;
constexpr const char* kInfo = "point_info";

std::string point_text(std::int64_t point) {
  char text[32];
  std::snprintf(text, sizeof text, "%04lld", static_cast<long long>(point));
  return text;
}

torch::Tensor view_of(const sdk::Sample& sample, const std::string& modality, std::int64_t v) {
  return sample.data.at(modality)[v].to(torch::kFloat64).contiguous();
}

std::vector<double> numbers(const torch::Tensor& values) {
  const auto flat = values.to(torch::kFloat64).contiguous().flatten();
  return {flat.data_ptr<double>(), flat.data_ptr<double>() + flat.numel()};
}

void add_camera(const torch::Tensor& intrinsics, std::int64_t side, Json& info) {
  const auto at = [&](int row, int column) { return intrinsics[row][column].item<double>(); };
  info.set("camera_intrinsics",
           Json::object().set("fx", at(0, 0)).set("fy", at(1, 1)).set("cx", at(0, 2)).set("cy", at(1, 2)));
  info.set("field_of_view_rads", 2.0 * std::atan2(0.5 * static_cast<double>(side), at(0, 0)));
}

/// Adds the camera's place and its Euler angles. The layout's camera looks along -z with y up, so that the
/// axes are [right, up, backwards].
void add_pose(const torch::Tensor& pose, Json& info) {
  auto rotation = pose.slice(0, 0, 3).slice(1, 0, 3).clone();
  rotation.slice(1, 1, 3).neg_();
  info.set("camera_location", numbers(pose.slice(0, 0, 3).select(1, 3)));
  info.set("camera_rotation_final", numbers(sdk::euler_from_rotation(rotation)));
}

/// Adds the room as least and greatest world coordinates of the corners of its box, which is given in camera
/// coordinates.
void add_room(const torch::Tensor& layout, const torch::Tensor& pose, Json& info) {
  const auto centre = layout.slice(0, 0, 3), extent = layout.slice(0, 6, 9);
  const auto turn = sdk::rotation_from_euler(layout.slice(0, 3, 6));
  std::vector<torch::Tensor> corners;
  for (int corner = 0; corner < 8; ++corner) {
    const auto signs = torch::tensor(
        {corner & 1 ? 0.5 : -0.5, corner & 2 ? 0.5 : -0.5, corner & 4 ? 0.5 : -0.5}, torch::kFloat64);
    const auto in_camera = turn.matmul(signs * extent) + centre;
    corners.push_back(pose.slice(0, 0, 3).slice(1, 0, 3).matmul(in_camera) +
                      pose.slice(0, 0, 3).select(1, 3));
  }
  const auto all = torch::stack(corners);
  const auto least = numbers(std::get<0>(all.min(0))), most = numbers(std::get<0>(all.max(0)));
  const auto range = [&](std::size_t axis) { return Json::array().add(least[axis]).add(most[axis]); };
  info.set("bounding_box_ranges", Json::object().set("x", range(0)).set("y", range(1)).set("z", range(2)));
}

std::string point_info(const sdk::Sample& sample, std::int64_t v, const ViewPlace& place) {
  const std::int64_t side = sample.data.at("rgb").size(-1);
  Json info = Json::object()
                  .set("point_uuid", point_text(place.point))
                  .set("view_id", place.view)
                  .set("resolution", side);
  if (sdk::has(sample, "intrinsics")) add_camera(view_of(sample, "intrinsics", v), side, info);
  if (sdk::has(sample, "pose")) add_pose(view_of(sample, "pose", v), info);
  if (sdk::has(sample, "pose") && sdk::has(sample, "room_layout"))
    add_room(view_of(sample, "room_layout", v), view_of(sample, "pose", v), info);
  if (sdk::has(sample, "vanishing_points")) {
    const auto rows = view_of(sample, "vanishing_points", v);
    info.set("vanishing_points_gaussian_sphere",
             Json::object().set("x", numbers(rows[0])).set("y", numbers(rows[1])).set("z", numbers(rows[2])));
  }
  Json seen = Json::array();
  for (const auto point : place.seen_points) seen.add(point_text(point));
  info.set("nonfixated_points_in_view", std::move(seen));
  return info.dump(1) + "\n";
}

}  // namespace

std::string name_of(const ViewPlace& place) {
  return "point_" + point_text(place.point) + "_view_" + std::to_string(place.view);
}

std::string domain_of(const std::string& modality) {
  for (const char* shared : {"intrinsics", "pose", "room_layout", "vanishing_points"})
    if (modality == shared) return kInfo;
  if (modality == "class_object" || modality == "class_scene" || sdk::stored_as_image(modality))
    return modality;
  return "";
}

std::filesystem::path path_of(const ViewPlace& place, const std::string& domain) {
  const bool npy = domain == "class_object" || domain == "class_scene";
  const char* ending = domain == kInfo ? ".json" : npy ? ".npy" : ".png";
  return std::filesystem::path(place.building) / domain / (name_of(place) + "_domain_" + domain + ending);
}

std::map<std::filesystem::path, std::string> files_of(const sdk::Sample& sample, std::int64_t v,
                                                      const ViewPlace& place) {
  std::map<std::filesystem::path, std::string> files;
  for (const auto& [modality, values] : sample.data) {
    const std::string domain = domain_of(modality);
    if (sdk::stored_as_image(modality))
      files[path_of(place, domain)] = sdk::encode_png(sdk::image_from_label(modality, values[v]));
    else if (!domain.empty() && domain != kInfo)
      files[path_of(place, domain)] = sdk::encode_npy(values[v].to(torch::kFloat32).contiguous());
  }
  files[path_of(place, kInfo)] = point_info(sample, v, place);
  return files;
}

}  // namespace taskonomy::data
