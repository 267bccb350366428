// A posed pinhole camera in plain numbers, and the text files that hold it.
#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>

namespace sevenscenes {

using Point = std::array<double, 3>;
struct Pixel {
  double x = 0, y = 0;  ///< the centre of the first pixel lies at (0.5, 0.5)
};

/// Pixels of the whole colour image.
struct Intrinsics {
  double fx = 0, fy = 0, cx = 0, cy = 0;
};

/// World from camera; the camera x right, y down, z forward; metres.
struct Pose {
  std::array<std::array<double, 3>, 3> rotation{};
  Point position{};

  [[nodiscard]] Point to_world(const Point& camera) const;
  [[nodiscard]] Point to_camera(const Point& world) const;
};

[[nodiscard]] double distance(const Point& a, const Point& b);
/// Angle between the viewing directions, radians.
[[nodiscard]] double angle_between(const Pose& a, const Pose& b);

/// The point at this depth (metres along the optical axis) under a pixel, camera coordinates.
[[nodiscard]] Point point_under(const Pixel& pixel, double depth, const Intrinsics& camera);
/// Where a point lies in the image; none at or behind the camera.
[[nodiscard]] std::optional<Pixel> pixel_of(const Point& point, const Intrinsics& camera);

/// Throws std::runtime_error saying how far it is from a rotation: R^T R may differ from 1 by 0.01, det R
/// from +1.
void require_rotation(const Pose& pose);

// Each throws std::runtime_error "FILE: reason".

/// 4x4 numbers, camera to world (7-Scenes).
[[nodiscard]] Pose read_pose(const std::filesystem::path& file);
/// 3x3 numbers.
[[nodiscard]] Intrinsics read_intrinsics(const std::filesystem::path& file);
/// Position and quaternion (x, y, z, w), camera to world (TUM).
[[nodiscard]] Pose pose_of_quaternion(const Point& position, const std::array<double, 4>& quaternion);

}  // namespace sevenscenes
