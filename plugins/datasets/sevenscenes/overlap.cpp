#include "overlap.hpp"

#include <algorithm>
#include <cmath>

namespace sevenscenes {

Pixel View::pixel(std::int64_t row, std::int64_t column) const {
  return {(static_cast<double>(column) + 0.5) * width / static_cast<double>(columns),
          (static_cast<double>(row) + 0.5) * height / static_cast<double>(rows)};
}

float View::depth_under(const Pixel& at) const {
  // Negated, so that NaN is outside.
  if (!(at.x >= 0 && at.x < width && at.y >= 0 && at.y < height)) return 0;
  return depth_at(static_cast<std::int64_t>(at.y * static_cast<double>(rows) / height),
                  static_cast<std::int64_t>(at.x * static_cast<double>(columns) / width));
}

std::optional<Pixel> correspondence(const View& from, const Pixel& pixel, const View& to) {
  const double depth = from.depth_under(pixel);
  if (depth <= 0) return std::nullopt;
  const Point there = to.pose.to_camera(from.pose.to_world(point_under(pixel, depth, from.camera)));
  const std::optional<Pixel> seen = pixel_of(there, to.camera);
  if (!seen) return std::nullopt;
  const double read = to.depth_under(*seen);
  if (read <= 0 || std::abs(read - there[2]) > std::max(0.02, 0.05 * there[2])) return std::nullopt;
  return seen;
}

double overlap(const View& from, const View& to) {
  int readings = 0, seen = 0;
  for (std::int64_t row = 0; row < from.rows; ++row)
    for (std::int64_t column = 0; column < from.columns; ++column) {
      if (from.depth_at(row, column) <= 0) continue;
      ++readings;
      if (correspondence(from, from.pixel(row, column), to)) ++seen;
    }
  return readings == 0 ? 0.0 : static_cast<double>(seen) / readings;
}

bool fixate(const View& a, const View& b, double tolerance) {
  const auto near_centre = [&](const View& from, const View& to) {
    const std::optional<Pixel> seen = correspondence(from, {0.5 * from.width, 0.5 * from.height}, to);
    return seen && std::hypot(seen->x - 0.5 * to.width, seen->y - 0.5 * to.height) <=
                       tolerance * std::min(to.width, to.height);
  };
  return near_centre(a, b) && near_centre(b, a);
}

}  // namespace sevenscenes
