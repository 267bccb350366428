// Pictures of labels for people, for tasks that draw themselves (Visualize): functions for labels that have
// pixels or classes, a canvas of lines for those that have none (axes, boxes, cameras seen from above). All give
// uint8 RGB [3,H,W]; pixels outside the mask are grey (128).
#pragma once

#include <array>
#include <cstdint>

#include <taskonomy/sdk/torch.hpp>

#include <taskonomy/sdk/detail/api.hpp>

namespace taskonomy::sdk {

/// [1,H,W] in low..high as grey, high = white. NaN counts as outside the mask, here and below. mask: bool
/// [1,H,W] or undefined.
[[nodiscard]] TX_API torch::Tensor draw_grey(const torch::Tensor& values, double low, double high,
                                             const torch::Tensor& mask = {});

/// [3,H,W] in low..high as red, green, blue.
[[nodiscard]] TX_API torch::Tensor draw_rgb(const torch::Tensor& values, double low, double high,
                                            const torch::Tensor& mask = {});

/// [1,H,W] in low..high on a scale that a colour-blind reader and a grey printer keep in order: low = dark
/// violet, over blue-green, high = bright yellow (nine support points, after matplotlib's viridis, CC0).
[[nodiscard]] TX_API torch::Tensor draw_scale(const torch::Tensor& values, double low, double high,
                                              const torch::Tensor& mask = {});

/// Class ids [1,H,W], integral, in distinct colours: neighbouring ids differ in hue by the golden angle.
[[nodiscard]] TX_API torch::Tensor draw_classes(const torch::Tensor& classes, const torch::Tensor& mask = {});

/// Class scores [C] >= 0 as a bar chart side x side, one bar per class in the colours of draw_classes,
/// tallest = highest. All grey where mask (bool [1] or undefined) is false.
[[nodiscard]] TX_API torch::Tensor draw_bars(const torch::Tensor& scores, std::int64_t side,
                                             const torch::Tensor& mask = {});

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
