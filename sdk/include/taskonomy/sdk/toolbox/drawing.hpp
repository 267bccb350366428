// Pictures of labels for people, for tasks that draw themselves (Visualize): functions for labels that have
// pixels or classes, a canvas of lines for those that have none (axes, boxes, cameras seen from above). All
// give uint8 RGB [3,H,W]; pixels outside the mask are grey (128).
#pragma once

#include <array>
#include <cstdint>

#include <taskonomy/sdk/torch.hpp>

#include <taskonomy/sdk/detail/api.hpp>

namespace taskonomy::sdk {

/// Values [1,H,W] as grey, from low = black to high = white. The mask is bool [1,H,W] or undefined; NaN
/// counts as outside the mask, here and below.
[[nodiscard]] TX_API torch::Tensor draw_grey(const torch::Tensor& values, double low, double high,
                                             const torch::Tensor& mask = {});

/// Values [3,H,W] as red, green and blue, each from low = dark to high = bright.
[[nodiscard]] TX_API torch::Tensor draw_rgb(const torch::Tensor& values, double low, double high,
                                            const torch::Tensor& mask = {});

/// Values [1,H,W] on a scale of colours from low = dark violet over blue-green to high = bright yellow, which
/// keeps its order for a colour-blind reader and on a grey printer (nine points of matplotlib's viridis,
/// CC0).
[[nodiscard]] TX_API torch::Tensor draw_scale(const torch::Tensor& values, double low, double high,
                                              const torch::Tensor& mask = {});

/// Class ids [1,H,W] (integral) in distinct colours: class 0 in light grey, as it is most often the background;
/// of the others neighbouring ids differ in hue by the golden angle.
[[nodiscard]] TX_API torch::Tensor draw_classes(const torch::Tensor& classes, const torch::Tensor& mask = {});

/// Scores [C] >= 0 of classes as a bar chart [3,side,side]: one bar per class in the colours of
/// draw_classes(); the highest score fills the height. All grey where the mask (bool [1] or undefined) is
/// false.
[[nodiscard]] TX_API torch::Tensor draw_bars(const torch::Tensor& scores, std::int64_t side,
                                             const torch::Tensor& mask = {});

using Colour = std::array<std::uint8_t, 3>;  ///< red, green, blue
/// The colour that draw_classes() and draw_bars() give a class, 0 <= id.
[[nodiscard]] TX_API Colour class_colour(std::int64_t id);
// Colour-blind readers can tell these apart, too (Okabe and Ito 2008).
inline constexpr Colour kWhite{255, 255, 255}, kOrange{230, 159, 0}, kBlue{86, 180, 233}, kGreen{0, 158, 115},
    kVermilion{213, 94, 0};

/// A point in a Canvas's coordinates: x to the right, y down.
struct Point {
  float x, y;
};

/// A grey square to draw lines on.
class TX_API Canvas {
 public:
  /// side x side pixels. Coordinates run from -reach to reach, x to the right and y down.
  Canvas(std::int64_t side, float reach);
  /// Draws a line about side/48 pixels thick. What lies outside is cut off.
  void line(Point from, Point to, const Colour& colour);
  /// Draws the segment between two points [3] in camera coordinates (x right, y down, z forward) at (x/z,
  /// y/z), as a camera with tan(half the field of view) = reach sees it. What lies behind the camera is cut
  /// off.
  void edge(const torch::Tensor& from, const torch::Tensor& to, const Colour& colour);
  /// RGB uint8 [3,side,side].
  [[nodiscard]] const torch::Tensor& picture() const { return picture_; }

 private:
  torch::Tensor picture_;
  std::int64_t side_;
  float reach_;
};

}  // namespace taskonomy::sdk
