#include "camera.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <stdexcept>
#include <vector>

namespace sevenscenes {

namespace {

/// All numbers of a small text file.
std::vector<double> numbers_in(const std::filesystem::path& file, std::size_t wanted) {
  std::ifstream stream(file);
  if (!stream) throw std::runtime_error(file.string() + ": cannot read");
  std::vector<double> numbers;
  for (std::string word; numbers.size() <= wanted && stream >> word;) {
    std::size_t used = 0;
    try {
      numbers.push_back(std::stod(word, &used));
    } catch (const std::exception&) {
      used = 0;
    }
    if (used != word.size() || !std::isfinite(numbers.back()))
      throw std::runtime_error(file.string() + ": \"" + word.substr(0, 20) + "\" is no finite number");
  }
  if (numbers.size() != wanted)
    throw std::runtime_error(file.string() + ": expected " + std::to_string(wanted) + " numbers, got " +
                             (numbers.size() > wanted ? "more" : std::to_string(numbers.size())));
  return numbers;
}

}  // namespace

Point Pose::to_world(const Point& camera) const {
  Point world = position;
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 3; ++j) world[i] += rotation[i][j] * camera[j];
  return world;
}

Point Pose::to_camera(const Point& world) const {
  Point camera{};
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 3; ++j) camera[i] += rotation[j][i] * (world[j] - position[j]);
  return camera;
}

double distance(const Point& a, const Point& b) { return std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]); }

double angle_between(const Pose& a, const Pose& b) {
  double cosine = 0;
  for (std::size_t i = 0; i < 3; ++i) cosine += a.rotation[i][2] * b.rotation[i][2];
  return std::acos(std::clamp(cosine, -1.0, 1.0));
}

Point point_under(const Pixel& pixel, double depth, const Intrinsics& camera) {
  return {(pixel.x - camera.cx) / camera.fx * depth, (pixel.y - camera.cy) / camera.fy * depth, depth};
}

std::optional<Pixel> pixel_of(const Point& point, const Intrinsics& camera) {
  constexpr double kNearest = 1e-3;
  if (point[2] < kNearest) return std::nullopt;
  return Pixel{camera.fx * point[0] / point[2] + camera.cx, camera.fy * point[1] / point[2] + camera.cy};
}

void require_rotation(const Pose& pose) {
  const auto& r = pose.rotation;
  double worst = 0;
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 3; ++j) {
      double product = 0;
      for (std::size_t k = 0; k < 3; ++k) product += r[k][i] * r[k][j];
      worst = std::max(worst, std::abs(product - (i == j ? 1.0 : 0.0)));
    }
  const double determinant = r[0][0] * (r[1][1] * r[2][2] - r[1][2] * r[2][1]) -
                             r[0][1] * (r[1][0] * r[2][2] - r[1][2] * r[2][0]) +
                             r[0][2] * (r[1][0] * r[2][1] - r[1][1] * r[2][0]);
  // Negated, so that NaN fails as well.
  if (!(worst < 0.01 && determinant > 0))
    throw std::runtime_error("pose is not a rotation: R^T R differs from 1 by " + std::to_string(worst) +
                             ", det R is " + std::to_string(determinant));
}

Pose read_pose(const std::filesystem::path& file) {
  const std::vector<double> n = numbers_in(file, 16);
  Pose pose;
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) pose.rotation[i][j] = n[4 * i + j];
    pose.position[i] = n[4 * i + 3];
  }
  try {
    require_rotation(pose);
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(file.string() + ": " + error.what());
  }
  return pose;
}

Intrinsics read_intrinsics(const std::filesystem::path& file) {
  const std::vector<double> n = numbers_in(file, 9);
  if (!(n[0] > 0 && n[4] > 0)) throw std::runtime_error(file.string() + ": focal length is not positive");
  return {n[0], n[4], n[2], n[5]};
}

Pose pose_of_quaternion(const Point& position, const std::array<double, 4>& quaternion) {
  double norm = 0;
  for (const double q : quaternion) norm += q * q;
  if (!(std::abs(norm - 1.0) < 0.02)) throw std::runtime_error("pose is not a rotation: no unit quaternion");
  const double s = 2.0 / norm;
  const auto [x, y, z, w] = quaternion;
  Pose pose;
  pose.position = position;
  pose.rotation = {{{1 - s * (y * y + z * z), s * (x * y - z * w), s * (x * z + y * w)},
                    {s * (x * y + z * w), 1 - s * (x * x + z * z), s * (y * z - x * w)},
                    {s * (x * z - y * w), s * (y * z + x * w), 1 - s * (x * x + y * y)}}};
  return pose;
}

}  // namespace sevenscenes
