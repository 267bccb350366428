#include "interest.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include <taskonomy/sdk/toolbox/surface.hpp>

namespace keypoints3d {

namespace {

using taskonomy::sdk::depth_jumps;
using taskonomy::sdk::DepthJumps;
using taskonomy::sdk::points_from_depth;

constexpr double kBorder = 0.08;  // jump that makes a border, 1 - near / far
constexpr int kDirections = 18;   // axes of the image plane, 10 degrees apart

/// Planes of one view.
struct View {
  const float* points;   ///< [3,H,W]
  const float* normals;  ///< [3,H,W]
  const float* right;    ///< [H,W], depth jumps
  const float* down;
  std::int64_t height, width;
  float focal;  ///< pixels

  [[nodiscard]] std::int64_t area() const { return height * width; }
  [[nodiscard]] float depth(std::int64_t at) const { return points[2 * area() + at]; }
  [[nodiscard]] double dot_normals(std::int64_t a, std::int64_t b) const {
    double sum = 0.0;
    for (int axis = 0; axis < 3; ++axis) sum += normals[axis * area() + a] * normals[axis * area() + b];
    return sum;
  }
  [[nodiscard]] bool known(std::int64_t at) const { return depth(at) > 0.0F && dot_normals(at, at) > 0.5; }
  /// How far the neighbour at (row + dy, column + dx) lies behind the pixel; negative: before it. Diagonal
  /// neighbours are reached by the greater of the two ways round.
  [[nodiscard]] double behind(std::int64_t row, std::int64_t column, int dy, int dx) const {
    const auto across = [&](std::int64_t r) {
      return dx > 0 ? right[r * width + column] : dx < 0 ? -right[r * width + column - 1] : 0.0F;
    };
    const auto along = [&](std::int64_t c) {
      return dy > 0 ? down[row * width + c] : dy < 0 ? -down[(row - 1) * width + c] : 0.0F;
    };
    const double first = across(row) + along(column + dx), second = along(column) + across(row + dy);
    return std::abs(first) > std::abs(second) ? first : second;
  }
};

/// How much the surface changes at a pixel, along which of the axes, and where that is.
struct Change {
  float weight = 0.0F;
  int direction = 0;
  float x = 0.0F, y = 0.0F, z = 0.0F;
};

float squared_distance(const Change& a, const Change& b) {
  return (a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y) + (a.z - b.z) * (a.z - b.z);
}

/// Sum of weighted axes e e^T.
struct AxisTensor {
  double xx = 0.0, xy = 0.0, yy = 0.0;

  void add(double weight, double x, double y) {
    xx += weight * x * x, xy += weight * x * y, yy += weight * y * y;
  }
  [[nodiscard]] double larger_eigenvalue() const { return 0.5 * (xx + yy) + std::hypot(0.5 * (xx - yy), xy); }
  /// The axis of the larger eigenvalue, 0..kDirections-1.
  [[nodiscard]] int direction() const {
    const double angle = 0.5 * std::atan2(2.0 * xy, xx - yy);  // -pi/2..pi/2
    const auto step = static_cast<int>(std::lround(angle / M_PI * kDirections));
    return (step + kDirections) % kDirections;
  }
};

Change change_at(const View& view, std::int64_t row, std::int64_t column) {
  const std::int64_t here = row * view.width + column;
  Change change{0.0F, 0, view.points[here], view.points[view.area() + here], view.depth(here)};
  if (!view.known(here)) return change;
  AxisTensor border, bend;
  for (int dy = -1; dy <= 1; ++dy) {
    for (int dx = -1; dx <= 1; ++dx) {
      const std::int64_t r = row + dy, c = column + dx;
      if ((dx == 0 && dy == 0) || r < 0 || c < 0 || r >= view.height || c >= view.width) continue;
      const std::int64_t there = r * view.width + c;
      if (!view.known(there)) continue;
      const double behind = view.behind(row, column, dy, dx), length = std::hypot(dx, dy);
      if (behind > kBorder) border.add(1.0, dx / length, dy / length);
      if (std::abs(behind) > kBorder) continue;
      bend.add(std::max(0.0, 1.0 - view.dot_normals(here, there)) / 3.0, dx / length, dy / length);
    }
  }
  const bool on_border = border.xx + border.yy > 0.0;
  const double smooth = 1.0 - std::min(1.0, bend.larger_eigenvalue());
  change.weight = on_border ? 1.0F : static_cast<float>(1.0 - smooth * smooth * smooth);
  change.direction = on_border ? border.direction() : bend.direction();
  return change;
}

/// 1 - |cos| of the angle between axes that are 0, 1, 2, ... steps apart.
std::array<double, kDirections> differences() {
  std::array<double, kDirections> table{};
  for (int steps = 0; steps < kDirections; ++steps)
    table[static_cast<std::size_t>(steps)] = 1.0 - std::abs(std::cos(M_PI * steps / kDirections));
  return table;
}

/// I2 of the header from the greatest f in each direction.
double change_in_two_directions(const std::array<double, kDirections>& strongest) {
  static const std::array<double, kDirections> kDifference = differences();
  double greatest = 0.0;
  for (std::size_t i = 0; i < strongest.size(); ++i) {
    if (strongest[i] <= 0.0) continue;
    for (std::size_t j = i + 1; j < strongest.size(); ++j)
      greatest = std::max(greatest, strongest[i] * strongest[j] * kDifference[j - i]);
  }
  return greatest;
}

float interest_at(const View& view, const std::vector<Change>& changes, std::int64_t row, std::int64_t column,
                  double support) {
  const auto change_of = [&](std::int64_t r, std::int64_t c) -> const Change& {
    return changes[static_cast<std::size_t>(r * view.width + c)];
  };
  const Change& here = change_of(row, column);
  // Points within half the support project to within this many pixels, up to perspective.
  const auto reach = static_cast<std::int64_t>(std::ceil(0.5 * support * view.focal / here.z));
  const std::int64_t top = std::max<std::int64_t>(0, row - reach);
  const std::int64_t bottom = std::min(view.height - 1, row + reach);
  const std::int64_t left = std::max<std::int64_t>(0, column - reach);
  const std::int64_t right = std::min(view.width - 1, column + reach);
  const auto farthest = static_cast<float>(0.25 * support * support);
  double stable = 1.0;
  std::array<double, kDirections> strongest{};  // f^2
  for (std::int64_t r = top; r <= bottom; ++r) {
    for (std::int64_t c = left; c <= right; ++c) {
      const Change& there = change_of(r, c);
      const float squared = squared_distance(here, there);
      if (there.weight <= 0.0F || squared > farthest) continue;
      const double away = std::sqrt(squared) / support;  // in supports
      stable = std::min(stable, 1.0 - there.weight * std::max(0.0, 1.0 - 10.0 * away));
      double& best = strongest[static_cast<std::size_t>(there.direction)];
      best = std::max(best, there.weight * (1.0 - std::abs(4.0 * away - 1.0)));
    }
  }
  for (double& f : strongest) f = std::sqrt(f);
  return static_cast<float>(stable * change_in_two_directions(strongest));
}

}  // namespace

torch::Tensor interest(const torch::Tensor& depth, const torch::Tensor& intrinsics,
                       const torch::Tensor& normals, double support) {
  const torch::Tensor points = points_from_depth(depth, intrinsics).contiguous();
  const torch::Tensor facing = normals.to(torch::kFloat32).contiguous();
  const torch::Tensor cameras = intrinsics.to(torch::kFloat32).contiguous();
  const DepthJumps jumps = depth_jumps(depth);
  const torch::Tensor right = jumps.right.contiguous(), down = jumps.down.contiguous();
  const std::int64_t views = depth.size(0), height = depth.size(2), width = depth.size(3);
  torch::Tensor result = torch::full({views, 1, height, width}, std::numeric_limits<float>::quiet_NaN());
  std::vector<Change> changes(static_cast<std::size_t>(height * width));
  for (std::int64_t v = 0; v < views; ++v) {
    const std::int64_t plane = height * width;
    const float* camera = cameras.data_ptr<float>() + 9 * v;
    const View view{points.data_ptr<float>() + 3 * plane * v,
                    facing.data_ptr<float>() + 3 * plane * v,
                    right.data_ptr<float>() + plane * v,
                    down.data_ptr<float>() + plane * v,
                    height,
                    width,
                    std::max(camera[0], camera[4])};
    for (std::int64_t at = 0; at < plane; ++at)
      changes[static_cast<std::size_t>(at)] = change_at(view, at / width, at % width);
    float* out = result.data_ptr<float>() + plane * v;
    for (std::int64_t at = 0; at < plane; ++at) {
      if (view.known(at)) out[at] = interest_at(view, changes, at / width, at % width, support);
    }
  }
  return result;
}

}  // namespace keypoints3d
