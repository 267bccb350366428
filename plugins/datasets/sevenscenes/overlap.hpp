// What one camera's pixels show of another's: reprojection with a depth check.
#pragma once

#include <optional>
#include <vector>

#include "camera.hpp"

namespace sevenscenes {

/// A frame made ready for comparing: its pose and its depth on a coarse grid, as relations between views do
/// not need every pixel.
struct View {
  std::size_t frame = 0;  ///< within its sequence
  Pose pose;
  Intrinsics camera;             ///< of the whole image
  double width = 0, height = 0;  ///< of the whole image, pixels
  std::int64_t columns = 0, rows = 0;
  std::vector<float> depth;  ///< metres at the centre of each cell, row by row; 0 = no reading

  /// The centre of a cell, and its depth.
  [[nodiscard]] Pixel pixel(std::int64_t row, std::int64_t column) const;
  [[nodiscard]] float depth_at(std::int64_t row, std::int64_t column) const {
    return depth[static_cast<std::size_t>(row * columns + column)];
  }
  /// Depth of the cell under a pixel; 0 outside the image.
  [[nodiscard]] float depth_under(const Pixel& pixel) const;
};

/// Where `to` sees the surface that `from` sees under a pixel: none when that has no reading, lies outside of
/// `to`'s image, or `to` reads another depth there (more than 5 % and 2 cm off): something stands in between.
[[nodiscard]] std::optional<Pixel> correspondence(const View& from, const Pixel& pixel, const View& to);

/// Share of `from`'s cells with a reading that `to` sees; 0 without readings.
[[nodiscard]] double overlap(const View& from, const View& to);

/// Whether the cameras look at one point: each sees the point under the other's image centre within
/// `tolerance` (a share of the image's short side) of its own centre.
[[nodiscard]] bool fixate(const View& a, const View& b, double tolerance);

}  // namespace sevenscenes
