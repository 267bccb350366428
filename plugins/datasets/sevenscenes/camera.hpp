// A posed pinhole camera in plain numbers, and the text files that hold it.
#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>

namespace sevenscenes {

using Point = std::array<double, 3>;

/// A place in an image, pixels. The centre of the first pixel lies at (0.5, 0.5).
struct Pixel {
  double x = 0, y = 0;
};

/// Focal lengths and principal point in pixels of the whole colour image.
struct Intrinsics {
  double fx = 0, fy = 0, cx = 0, cy = 0;
};

/// Place and orientation of a camera: world from camera, metres; the camera's axes are x right, y down, z
/// forward.
struct Pose {
  std::array<std::array<double, 3>, 3> rotation{};
  Point position{};

  [[nodiscard]] Point to_world(const Point& camera) const;
  [[nodiscard]] Point to_camera(const Point& world) const;
};

/// Metres.
[[nodiscard]] double distance(const Point& a, const Point& b);
/// Angle between the viewing directions, radians.
[[nodiscard]] double angle_between(const Pose& a, const Pose& b);

/// The point at this depth (metres along the optical axis) under a pixel, camera coordinates.
[[nodiscard]] Point point_under(const Pixel& pixel, double depth, const Intrinsics& camera);
/// Where a point lies in the image; none at or behind the camera.
[[nodiscard]] std::optional<Pixel> pixel_of(const Point& point, const Intrinsics& camera);

/// Throws std::runtime_error, with how far off it is, where R is no rotation: R^T R may differ from the
/// identity by 0.01 and det R must be positive.
void require_rotation(const Pose& pose);

/// Reads 4 x 4 numbers, world from camera (7-Scenes). Throws std::runtime_error "FILE: reason".
[[nodiscard]] Pose read_pose(const std::filesystem::path& file);
/// Reads 3 x 3 numbers. Throws std::runtime_error "FILE: reason".
[[nodiscard]] Intrinsics read_intrinsics(const std::filesystem::path& file);
/// The pose of a position and a quaternion (x, y, z, w), world from camera (TUM). Throws std::runtime_error
/// where the quaternion is not of unit length.
[[nodiscard]] Pose pose_of_quaternion(const Point& position, const std::array<double, 4>& quaternion);

}  // namespace sevenscenes
