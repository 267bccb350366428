// point_info JSON of a view: its camera, its room, its vanishing points; and the modalities made from them.
#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <taskonomy/sdk/torch.hpp>

namespace taskonomy_dataset {

using Triple = std::array<double, 3>;

/// A pinhole camera in pixels of the file's resolution.
struct Camera {
  double fx = 0, fy = 0, cx = 0, cy = 0;
};

/// What one file says; empty where it does not.
struct PointInfo {
  std::string name;                                 ///< of the file, for messages
  std::optional<std::array<double, 2>> resolution;  ///< width, height; pixels
  std::optional<double> field_of_view;              ///< across the width, radians
  std::optional<Camera> camera;
  std::optional<Triple> location;  ///< of the camera in the world, metres, z up
  std::optional<Triple> rotation;  ///< Euler angles about static x, y, z, radians: R = Rz Ry Rx turns
                                   ///< coordinates of a camera that looks along -z, y up, into the world's
  std::optional<std::array<std::array<double, 2>, 3>> room;  ///< x, y, z: least and greatest, metres, world
  std::optional<std::array<Triple, 3>> vanishing_points;  ///< x, y, z: directions, x right, y down, z forward
  std::vector<std::string> nonfixated_points;             ///< ids of other points in view
};

/// Reads the keys it knows and ignores others. Throws std::runtime_error "NAME: reason" where the text is no
/// JSON object or a key holds something else than it should.
[[nodiscard]] PointInfo parse_point_info(std::string_view text, const std::string& name);

/// Reads and parses a file of at most 16 MiB.
[[nodiscard]] PointInfo read_point_info(const std::filesystem::path& file);

// Each of these throws std::runtime_error "NAME: reason" where the file lacks a key that it needs.

/// Intrinsics, float32 [3,3], in pixels of an image of this size: the file's camera_intrinsics, otherwise
/// from field_of_view_rads with the centre in the middle.
[[nodiscard]] torch::Tensor intrinsics_of(const PointInfo& info, std::int64_t height, std::int64_t width);

/// World from camera, float32 [4,4]; the camera's axes are x right, y down, z forward.
[[nodiscard]] torch::Tensor pose_of(const PointInfo& info);

/// The room's box in camera coordinates, float32 [9] as in sdk/sample.hpp: centre, Euler angles (a, b, c)
/// with R = Rz(c) Ry(b) Rx(a) from box to camera, full extents. A picture does not tell which of two walls a
/// plan calls x, so the axes are named per view: y is the horizontal axis nearest to the viewing direction, x
/// the one to its right, z up.
[[nodiscard]] torch::Tensor room_layout_of(const PointInfo& info);

/// Unit directions, float32 [3,3], rows x, y, z named per view as in room_layout_of(): z is the most vertical
/// one and points up, y is the other one nearest to the viewing direction, x points to the right.
[[nodiscard]] torch::Tensor vanishing_points_of(const PointInfo& info);

}  // namespace taskonomy_dataset
