// Line drawings for labels that have no pixels: axes, boxes, cameras seen from above.
#pragma once

#include <array>
#include <cstdint>

#include <taskonomy/sdk/torch.hpp>

#include <taskonomy/sdk/export.hpp>

namespace taskonomy::sdk {

using Colour = std::array<std::uint8_t, 3>;  ///< red, green, blue
// Told apart by colour-blind readers, too (Okabe and Ito 2008).
inline constexpr Colour kWhite{255, 255, 255}, kOrange{230, 159, 0}, kBlue{86, 180, 233}, kGreen{0, 158, 115},
    kVermilion{213, 94, 0};

/// In pixels: x to the right, y down.
struct Point {
  float x, y;
};

/// A grey square to draw lines on.
class TX_API Canvas {
 public:
  /// side pixels; coordinates run from -reach to reach, x to the right and y down.
  Canvas(std::int64_t side, float reach);
  /// About side/48 pixels thick; what lies outside is cut off.
  void line(Point from, Point to, const Colour& colour);
  /// The segment between two points [3] in camera coordinates (x right, y down, z forward), as a camera with
  /// tan(half the field of view) = reach sees it: (x/z, y/z). What lies behind the camera is cut off.
  void edge(const torch::Tensor& from, const torch::Tensor& to, const Colour& colour);
  /// RGB uint8 [3,side,side].
  [[nodiscard]] const torch::Tensor& picture() const { return picture_; }

 private:
  torch::Tensor picture_;
  std::int64_t side_;
  float reach_;
};

}  // namespace taskonomy::sdk
