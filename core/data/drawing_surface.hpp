// Paper to draw on by cairo: pictures, lines and words, as pixels or as a document of vectors. Coordinates
// are pixels at 96 dpi, x to the right and y down.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <taskonomy/sdk/torch.hpp>

#include <taskonomy/sdk/image.hpp>
#include <taskonomy/sdk/toolbox/drawing.hpp>

namespace taskonomy::data {

/// A rectangle.
struct Box {
  double left = 0.0, top = 0.0, width = 0.0, height = 0.0;
};

/// How words look.
struct Lettering {
  double size = 12.0;
  bool bold = false;
  sdk::Colour colour{32, 32, 36};
  bool outlined = false;  ///< with a dark rim, so that light words can be read on any photograph
};

/// What a surface becomes in the end.
enum class SheetFormat { png, pdf, svg };

/// Width of a line of UTF-8 when it is written.
[[nodiscard]] double text_width(const std::string& text, const Lettering& lettering);

/// A white sheet. What is drawn outside of it is cut off.
class DrawingSurface {
 public:
  /// `png_scale`: pixels of a PNG for each of ours. Throws Error where a PNG would have more than 32767
  /// pixels on a side, which cairo cannot draw.
  DrawingSurface(double width, double height, SheetFormat format, double png_scale = 1.0);
  ~DrawingSurface();
  DrawingSurface(const DrawingSurface&) = delete;
  DrawingSurface& operator=(const DrawingSurface&) = delete;

  /// Puts RGB uint8 [3,h,w] into the box, whose shape it takes. Enlarged by Keys' bicubic filter, or pixel
  /// by pixel where no mixtures of colours may appear.
  void image(const torch::Tensor& picture, const Box& box, bool hard_pixels);
  void fill(const std::vector<sdk::Point>& corners, const sdk::Colour& colour);
  void fill(const Box& box, const sdk::Colour& colour);
  /// Draws a line through the points; `outlined` with a dark rim.
  void stroke(const std::vector<sdk::Point>& points, const sdk::Colour& colour, double width, bool outlined);
  /// Writes one line of UTF-8, its left end at `left`, standing on `baseline`.
  void write(const std::string& text, double left, double baseline, const Lettering& lettering);
  /// Cuts off what is drawn outside the box until the next call of unclip().
  void clip(const Box& box);
  void unclip();
  /// The bytes of the file, a PNG packed so. The same drawing gives the same bytes. Nothing may be drawn afterwards.
  [[nodiscard]] std::string finish(sdk::PngPacking packing = sdk::PngPacking::small);

 private:
  struct Cairo;
  std::unique_ptr<Cairo> cairo_;
};

}  // namespace taskonomy::data
