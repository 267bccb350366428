// What every drawing shares: its elements as SVG text, its colours, and the two forms in which it is handed
// out: a file of its own, and a part of the report's page.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace taskonomy::report {

/// Text as it may stand in XML: &, <, > and double quotes replaced (attributes stand in those), control
/// characters left out, bytes that are no UTF-8 as '?'.
[[nodiscard]] std::string xml_escaped(std::string_view text);
/// A coordinate: at most one decimal.
[[nodiscard]] std::string pixels(double value);

struct Point {
  double x = 0.0;
  double y = 0.0;
};
struct Size {
  double width = 0.0;
  double height = 0.0;
};

/// In pixels; the class `small` has 11.
inline constexpr double kFontSize = 13;
/// From the middle of a line of text to its base line.
inline constexpr double kBaseLine = 4.5;

/// One element each. `attributes` are further ones, such as R"(class="fill-soft")"; texts are escaped, and
/// `at` is the left end of their base line unless the attributes say otherwise.
[[nodiscard]] std::string text_at(Point at, std::string_view attributes, std::string_view text);
[[nodiscard]] std::string box_at(Point at, Size size, std::string_view attributes);
[[nodiscard]] std::string line_from(Point from, Point to, std::string_view attributes);

/// Width in pixels that a text needs at a font size. No font is at hand here, so this is an estimate for the
/// wide ones (DejaVu Sans, Verdana): in others there is room to spare.
[[nodiscard]] double text_width(std::string_view text, double font_size);
/// The text, cut behind as many letters as fit the width and ended by "…" where it is longer.
[[nodiscard]] std::string shortened(std::string_view text, double width, double font_size);

/// Shades are drawn in kShades + 1 steps: 0 is the ground, kShades its opposite.
inline constexpr std::size_t kShades = 20;
/// The step of a share in [0,1]; what lies outside counts as the nearer end.
[[nodiscard]] std::size_t shade(double share);
/// Number of colours for what has no order, all of them told apart with every kind of colour blindness
/// (Okabe and Ito's, black aside, and an indigo).
inline constexpr std::size_t kPalette = 7;

/// A finished drawing. Its elements name their colours by class: `fill-NAME` and `stroke-NAME`, NAME being
/// ink, soft, line, paper, panel, mark, c0 to c6 (the palette), s0 to s20 (shades of blue) or t0 to t20 (text
/// upon them).
struct Drawing {
  std::string name;                  ///< class of its root element, "task-tree"
  std::string title;                 ///< "Task tree"
  std::vector<std::string> heading;  ///< further lines of a file's heading
  Size size;                         ///< in pixels, without heading and margins
  std::string body;                  ///< its elements
};

/// The drawing as a file: heading, white ground, all styles within. Looks the same wherever it is shown.
[[nodiscard]] std::string svg_file(const Drawing& drawing);
/// The drawing as an element of an HTML page, which has the styles (page_colours()) and the heading. Its
/// width in pixels is the CSS variable --width.
[[nodiscard]] std::string svg_element(const Drawing& drawing);

/// The styles of all drawings for the page: the colours as variables (--ink, --c0, --s20, ...), light and,
/// where the root has data-theme="dark", dark; and the classes that use them.
[[nodiscard]] std::string page_colours();

}  // namespace taskonomy::report
