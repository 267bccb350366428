#include "point_info.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "json_file.hpp"

namespace taskonomy_dataset {

namespace {

using Json = nlohmann::json;

double number_of(const Json& value) {
  if (!value.is_number()) throw std::runtime_error("expected a number, got " + value.dump());
  const double number = value.get<double>();
  if (!std::isfinite(number)) throw std::runtime_error("a number that is not finite");
  return number;
}

Triple triple_of(const Json& value) {
  if (value.size() != 3) throw std::runtime_error("not three numbers");
  return {number_of(value.at(0)), number_of(value.at(1)), number_of(value.at(2))};
}

/// Hands a key's value to `read`; what is wrong with it is said with the key's name. null is none.
template <typename Read>
void with_key(const Json& object, const char* key, const Read& read) {
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return;
  try {
    read(*found);
  } catch (const std::exception& error) {
    throw std::runtime_error(std::string(key) + ": " + error.what());
  }
}

void read_camera(const Json& object, PointInfo& info) {
  with_key(object, "resolution", [&](const Json& v) {
    // A number for square images, or [width, height].
    const double width = number_of(v.is_array() ? v.at(0) : v),
                 height = number_of(v.is_array() ? v.at(1) : v);
    if (!(width > 0 && height > 0)) throw std::runtime_error("not positive");
    info.resolution = {width, height};
  });
  with_key(object, "field_of_view_rads", [&](const Json& v) {
    const double angle = number_of(v);
    if (!(angle > 0 && angle < 3.14))
      throw std::runtime_error(v.dump() + " is no angle between 0 and pi" +
                               (angle >= 3.14 && angle < 180 ? "; is it in degrees?" : ""));
    info.field_of_view = angle;
  });
  with_key(object, "camera_intrinsics", [&](const Json& v) {
    const Camera camera{number_of(v.at("fx")), number_of(v.at("fy")), number_of(v.at("cx")),
                        number_of(v.at("cy"))};
    if (!(camera.fx > 0 && camera.fy > 0)) throw std::runtime_error("focal length is not positive");
    info.camera = camera;
  });
  with_key(object, "camera_location", [&](const Json& v) { info.location = triple_of(v); });
  with_key(object, "camera_rotation_final", [&](const Json& v) { info.rotation = triple_of(v); });
}

void read_room(const Json& object, PointInfo& info) {
  with_key(object, "bounding_box_ranges", [&](const Json& v) {
    std::array<std::array<double, 2>, 3> room{};
    const std::array<const char*, 3> axes = {"x", "y", "z"};
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const Json& range = v.at(axes[axis]);
      room[axis] = {number_of(range.at(0)), number_of(range.at(1))};
      if (!(room[axis][1] > room[axis][0])) throw std::runtime_error("a room without extent");
    }
    info.room = room;
  });
  with_key(object, "vanishing_points_gaussian_sphere", [&](const Json& v) {
    info.vanishing_points = {triple_of(v.at("x")), triple_of(v.at("y")), triple_of(v.at("z"))};
  });
  with_key(object, "nonfixated_points_in_view", [&](const Json& v) {
    for (const Json& id : v) info.nonfixated_points.push_back(text_of_id(id));
  });
}

double dot(const Triple& a, const Triple& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }
Triple cross(const Triple& a, const Triple& b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}

/// The camera's axes right, down, forward in world coordinates.
std::array<Triple, 3> camera_axes(const PointInfo& info) {
  if (!info.rotation) fail(info.name, "no camera_rotation_final");
  const auto [a, b, c] = *info.rotation;
  const double ca = std::cos(a), sa = std::sin(a), cb = std::cos(b), sb = std::sin(b), cc = std::cos(c),
               sc = std::sin(c);
  // Columns of Rz(c) Ry(b) Rx(a): right, up and backwards of a camera that looks along -z.
  const Triple right = {cc * cb, sc * cb, -sb};
  const Triple up = {cc * sb * sa - sc * ca, sc * sb * sa + cc * ca, cb * sa};
  const Triple back = {cc * sb * ca + sc * sa, sc * sb * ca - cc * sa, cb * ca};
  return {right, {-up[0], -up[1], -up[2]}, {-back[0], -back[1], -back[2]}};
}

Triple location_of(const PointInfo& info) {
  if (!info.location) fail(info.name, "no camera_location");
  return *info.location;
}

torch::Tensor floats(const std::vector<double>& values) { return torch::tensor(values, torch::kFloat32); }

}  // namespace

PointInfo parse_point_info(std::string_view text, const std::string& name) {
  PointInfo info;
  info.name = name;
  const Json object = parse_json(text, name);
  if (!object.is_object()) fail(name, "not a JSON object");
  try {
    read_camera(object, info);
    read_room(object, info);
  } catch (const std::exception& error) {
    fail(name, error.what());
  }
  return info;
}

PointInfo read_point_info(const std::filesystem::path& file) {
  return parse_point_info(read_text(file), file.string());
}

torch::Tensor intrinsics_of(const PointInfo& info, std::int64_t height, std::int64_t width) {
  const std::array<double, 2> image = {static_cast<double>(width), static_cast<double>(height)};
  const std::array<double, 2> own = info.resolution.value_or(image);
  Camera camera;
  if (info.camera) {
    camera = *info.camera;
  } else if (info.field_of_view) {
    camera.fx = camera.fy = 0.5 * own[0] / std::tan(0.5 * *info.field_of_view);
    camera.cx = 0.5 * own[0], camera.cy = 0.5 * own[1];
  } else {
    fail(info.name, "neither camera_intrinsics nor field_of_view_rads");
  }
  const double across = image[0] / own[0], down = image[1] / own[1];
  return floats({camera.fx * across, 0, camera.cx * across, 0, camera.fy * down, camera.cy * down, 0, 0, 1})
      .reshape({3, 3});
}

torch::Tensor pose_of(const PointInfo& info) {
  const auto [right, down, forward] = camera_axes(info);
  const Triple at = location_of(info);
  std::vector<double> rows;
  for (std::size_t i = 0; i < 3; ++i) rows.insert(rows.end(), {right[i], down[i], forward[i], at[i]});
  rows.insert(rows.end(), {0, 0, 0, 1});
  return floats(rows).reshape({4, 4});
}

torch::Tensor room_layout_of(const PointInfo& info) {
  if (!info.room) fail(info.name, "no bounding_box_ranges");
  const auto axes = camera_axes(info);
  const Triple at = location_of(info), forward = axes[2];
  const auto& room = *info.room;
  // The world's horizontal axis that the camera looks along, and the one to its right.
  const std::size_t along = std::abs(forward[0]) > std::abs(forward[1]) ? 0 : 1;
  Triple y{}, z = {0, 0, 1};
  y[along] = forward[along] >= 0 ? 1 : -1;
  const Triple x = cross(y, z);
  Triple offset{};
  for (std::size_t i = 0; i < 3; ++i) offset[i] = 0.5 * (room[i][0] + room[i][1]) - at[i];
  const auto extent = [&](std::size_t i) { return room[i][1] - room[i][0]; };
  // R[i][j] = camera axis i . box axis j turns box coordinates into the camera's.
  const auto turn = [&](std::size_t i, const Triple& axis) { return dot(axes[i], axis); };
  const double a = std::atan2(turn(2, y), turn(2, z)),
               b = std::asin(std::min(1.0, std::max(-1.0, -turn(2, x)))),
               c = std::atan2(turn(1, x), turn(0, x));
  return floats({dot(axes[0], offset), dot(axes[1], offset), dot(axes[2], offset), a, b, c, extent(1 - along),
                 extent(along), extent(2)});
}

torch::Tensor vanishing_points_of(const PointInfo& info) {
  if (!info.vanishing_points) fail(info.name, "no vanishing_points_gaussian_sphere");
  std::array<Triple, 3> rows = *info.vanishing_points;
  for (Triple& row : rows) {
    const double length = std::sqrt(dot(row, row));
    if (!(length > 0.5 && length < 2.0)) fail(info.name, "a vanishing point is no unit direction");
    for (double& v : row) v /= length;
  }
  // Which row points along camera axis `axis` most, moved to the end of those still unnamed.
  const auto name_last = [&](std::size_t count, std::size_t axis, double sign) {
    std::size_t best = 0;
    for (std::size_t i = 1; i < count; ++i)
      if (std::abs(rows[i][axis]) > std::abs(rows[best][axis])) best = i;
    std::swap(rows[best], rows[count - 1]);
    if (rows[count - 1][axis] * sign < 0)
      for (double& v : rows[count - 1]) v = -v;
  };
  name_last(3, 1, -1.0);  // z: up is -y in the camera
  name_last(2, 2, 1.0);   // y: forward
  name_last(1, 0, 1.0);   // x: right
  std::vector<double> values;
  for (const Triple& row : rows) values.insert(values.end(), row.begin(), row.end());
  return floats(values).reshape({3, 3});
}

}  // namespace taskonomy_dataset
