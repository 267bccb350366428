#include "core/data/drawing_surface.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <cairo.h>

#include <taskonomy/sdk/image.hpp>

#include "core/base/error.hpp"
#include "core/base/json.hpp"

namespace taskonomy::data {

namespace {

constexpr double kMostPixels = 32767.0;  // of an image surface of cairo, on a side
constexpr double kRim = 2.4;             // what an outline adds to the width of a line

cairo_status_t append(void* closure, const unsigned char* bytes, unsigned int count) {
  static_cast<std::string*>(closure)->append(reinterpret_cast<const char*>(bytes), count);
  return CAIRO_STATUS_SUCCESS;
}

void use_colour(cairo_t* context, const sdk::Colour& colour, double opacity = 1.0) {
  cairo_set_source_rgba(context, colour[0] / 255.0, colour[1] / 255.0, colour[2] / 255.0, opacity);
}

/// The font of Debian's fonts-dejavu-core, which libcairo2 brings along; another one where it is missing.
void use_font(cairo_t* context, const Lettering& lettering) {
  cairo_select_font_face(context, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL,
                         lettering.bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size(context, lettering.size);
  cairo_font_options_t* options = cairo_font_options_create();
  cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
  cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_SLIGHT);
  cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
  cairo_set_font_options(context, options);
  cairo_font_options_destroy(options);
}

/// RGB uint8 [3,h,w] as cairo keeps it: [h,w,4] blue, green, red, unused (on a little-endian machine).
torch::Tensor cairo_pixels(const torch::Tensor& picture) {
  const torch::Tensor unused = torch::full_like(picture.slice(0, 0, 1), 255);
  return torch::cat({picture.flip({0}), unused}).permute({1, 2, 0}).contiguous();
}

torch::Tensor resized(const torch::Tensor& picture, std::int64_t height, std::int64_t width,
                      bool hard_pixels) {
  if (picture.size(1) == height && picture.size(2) == width) return picture;
  const torch::Tensor values = picture.unsqueeze(0).to(torch::kFloat32);
  const std::array<std::int64_t, 2> size{height, width};  // which IntArrayRef only points to
  const torch::Tensor larger = hard_pixels ? torch::upsample_nearest2d(values, size)
                               : height < picture.size(1)
                                   ? torch::_upsample_bilinear2d_aa(values, size, false)
                                   : torch::upsample_bicubic2d(values, size, false);
  return larger[0].round().clamp(0.0, 255.0).to(torch::kUInt8);
}

}  // namespace

struct DrawingSurface::Cairo {
  SheetFormat format;
  double png_scale = 1.0;
  std::string document;  ///< of PDF and SVG
  cairo_surface_t* surface = nullptr;
  cairo_t* context = nullptr;
  ~Cairo() {
    cairo_destroy(context);
    cairo_surface_destroy(surface);
  }
};

double text_width(const std::string& text, const Lettering& lettering) {
  cairo_surface_t* surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 1, 1);
  cairo_t* context = cairo_create(surface);
  use_font(context, lettering);
  cairo_text_extents_t extents;
  cairo_text_extents(context, base::utf8(text).c_str(), &extents);
  cairo_destroy(context);
  cairo_surface_destroy(surface);
  return extents.x_advance;
}

DrawingSurface::DrawingSurface(double width, double height, SheetFormat format, double png_scale)
    : cairo_(std::make_unique<Cairo>()) {
  cairo_->format = format;
  cairo_->png_scale = format == SheetFormat::png ? png_scale : 1.0;
  const double pixels_wide = std::ceil(width * png_scale), pixels_high = std::ceil(height * png_scale);
  if (format == SheetFormat::png && std::max(pixels_wide, pixels_high) > kMostPixels)
    throw base::Error("a picture of " + std::to_string(std::lround(pixels_wide)) + " x " +
                      std::to_string(std::lround(pixels_high)) +
                      " pixels is too large to draw; ask for fewer samples");
  constexpr double kPoints = 0.75;  // per pixel at 96 dpi
  if (format == SheetFormat::png)
    cairo_->surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, static_cast<int>(pixels_wide),
                                                 static_cast<int>(pixels_high));
  else if (format == SheetFormat::pdf)
    cairo_->surface =
        cairo_pdf_surface_create_for_stream(append, &cairo_->document, width * kPoints, height * kPoints);
  else
    cairo_->surface =
        cairo_svg_surface_create_for_stream(append, &cairo_->document, width * kPoints, height * kPoints);
  if (format == SheetFormat::pdf)  // else the time of making: the same drawing would give other bytes
    cairo_pdf_surface_set_metadata(cairo_->surface, CAIRO_PDF_METADATA_CREATE_DATE, "2018-06-18T00:00:00Z");
  cairo_->context = cairo_create(cairo_->surface);
  const double scale = format == SheetFormat::png ? png_scale : kPoints;
  cairo_scale(cairo_->context, scale, scale);
  cairo_set_line_cap(cairo_->context, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join(cairo_->context, CAIRO_LINE_JOIN_ROUND);
  use_colour(cairo_->context, sdk::kWhite);
  cairo_paint(cairo_->context);
}

DrawingSurface::~DrawingSurface() = default;

void DrawingSurface::image(const torch::Tensor& picture, const Box& box, bool hard_pixels) {
  const auto height = std::max<std::int64_t>(1, std::lround(box.height * cairo_->png_scale));
  const auto width = std::max<std::int64_t>(1, std::lround(box.width * cairo_->png_scale));
  torch::Tensor pixels = cairo_pixels(resized(picture, height, width, hard_pixels));
  // A copy in cairo's own memory: a document refers to its pictures until it is finished.
  cairo_surface_t* source =
      cairo_image_surface_create(CAIRO_FORMAT_RGB24, static_cast<int>(width), static_cast<int>(height));
  cairo_surface_flush(source);
  const std::int64_t stride = cairo_image_surface_get_stride(source);
  const auto* from = pixels.data_ptr<std::uint8_t>();
  for (std::int64_t row = 0; row < height; ++row)
    std::copy_n(from + row * width * 4, width * 4, cairo_image_surface_get_data(source) + row * stride);
  cairo_surface_mark_dirty(source);
  cairo_save(cairo_->context);
  cairo_translate(cairo_->context, box.left, box.top);
  cairo_scale(cairo_->context, 1.0 / cairo_->png_scale, 1.0 / cairo_->png_scale);
  cairo_set_source_surface(cairo_->context, source, 0.0, 0.0);
  cairo_pattern_set_filter(cairo_get_source(cairo_->context), CAIRO_FILTER_NEAREST);
  cairo_rectangle(cairo_->context, 0.0, 0.0, static_cast<double>(width), static_cast<double>(height));
  cairo_fill(cairo_->context);
  cairo_restore(cairo_->context);
  cairo_surface_destroy(source);
}

void DrawingSurface::fill(const std::vector<sdk::Point>& corners, const sdk::Colour& colour) {
  for (const auto& corner : corners) cairo_line_to(cairo_->context, corner.x, corner.y);
  cairo_close_path(cairo_->context);
  use_colour(cairo_->context, colour);
  cairo_fill(cairo_->context);
}

void DrawingSurface::fill(const Box& box, const sdk::Colour& colour) {
  cairo_rectangle(cairo_->context, box.left, box.top, box.width, box.height);
  use_colour(cairo_->context, colour);
  cairo_fill(cairo_->context);
}

void DrawingSurface::stroke(const std::vector<sdk::Point>& points, const sdk::Colour& colour, double width,
                            bool outlined) {
  for (const auto& point : points) cairo_line_to(cairo_->context, point.x, point.y);
  if (outlined) {
    use_colour(cairo_->context, {0, 0, 0}, 0.6);
    cairo_set_line_width(cairo_->context, width + kRim);
    cairo_stroke_preserve(cairo_->context);
  }
  use_colour(cairo_->context, colour);
  cairo_set_line_width(cairo_->context, width);
  cairo_stroke(cairo_->context);
}

void DrawingSurface::write(const std::string& text, double left, double baseline,
                           const Lettering& lettering) {
  const std::string line = base::utf8(text);  // cairo refuses what is not UTF-8, as names of files may be
  use_font(cairo_->context, lettering);
  cairo_move_to(cairo_->context, left, baseline);
  if (lettering.outlined) {
    cairo_text_path(cairo_->context, line.c_str());
    use_colour(cairo_->context, {0, 0, 0}, 0.75);
    cairo_set_line_width(cairo_->context, 3.0);
    cairo_stroke(cairo_->context);
    cairo_move_to(cairo_->context, left, baseline);
  }
  use_colour(cairo_->context, lettering.colour);
  cairo_show_text(cairo_->context, line.c_str());
  cairo_new_path(cairo_->context);
}

void DrawingSurface::clip(const Box& box) {
  cairo_save(cairo_->context);
  cairo_rectangle(cairo_->context, box.left, box.top, box.width, box.height);
  cairo_clip(cairo_->context);
}

void DrawingSurface::unclip() { cairo_restore(cairo_->context); }

std::string DrawingSurface::finish(sdk::PngPacking packing) {
  const cairo_status_t status = cairo_status(cairo_->context);
  if (status != CAIRO_STATUS_SUCCESS)
    throw std::logic_error(std::string("cairo: ") + cairo_status_to_string(status));
  if (cairo_->format != SheetFormat::png) {
    cairo_surface_finish(cairo_->surface);
    return cairo_->document;
  }
  cairo_surface_flush(cairo_->surface);
  const std::int64_t height = cairo_image_surface_get_height(cairo_->surface);
  const std::int64_t width = cairo_image_surface_get_width(cairo_->surface);
  const std::int64_t stride = cairo_image_surface_get_stride(cairo_->surface);
  const torch::Tensor pixels = torch::from_blob(cairo_image_surface_get_data(cairo_->surface),
                                                {height, width, 4}, {stride, 4, 1}, torch::kUInt8);
  return sdk::encode_png(pixels.slice(2, 0, 3).permute({2, 0, 1}).flip({0}).contiguous(), packing);
}

}  // namespace taskonomy::data
