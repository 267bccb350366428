// What every drawing shares: text and coordinates, colours that colour-blind readers tell apart.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace taskonomy::report {

/// Text as it may stand in XML: &, <, > and double quotes replaced (attributes stand in those), control
/// characters left out, bytes that are no UTF-8 as '?'.
[[nodiscard]] std::string xml_escaped(std::string_view text);

/// Mean width of a letter of 13 px, with room to spare.
inline constexpr double kLetter = 7.4;
/// A coordinate: one decimal.
[[nodiscard]] std::string pixels(double value);
/// A line of text, escaped; `attributes` are further ones, such as R"( text-anchor="end")".
[[nodiscard]] std::string text_at(double x, double y, const std::string& attributes, const std::string& text);

/// Sequential scale from near white (0) to dark blue (1), one hue, evenly falling lightness: "#rrggbb".
[[nodiscard]] std::string blue_scale(double share);
/// Whether text on blue_scale(share) should be white.
[[nodiscard]] bool is_dark(double share);

/// Okabe and Ito's categorical palette (black and yellow aside): reads with every kind of colour blindness.
inline constexpr std::array<const char*, 6> kPalette{"#0072B2", "#D55E00", "#009E73",
                                                     "#CC79A7", "#56B4E9", "#E69F00"};

}  // namespace taskonomy::report
