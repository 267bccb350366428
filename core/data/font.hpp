// A built-in bitmap font for pictures: 5x7 pixels a letter, ASCII. No font files, the same pixels everywhere.
#pragma once

#include <cstdint>
#include <string>

#include <taskonomy/sdk/torch.hpp>

namespace taskonomy::data {

inline constexpr std::int64_t kGlyphWidth = 5;    ///< pixels at scale 1
inline constexpr std::int64_t kGlyphHeight = 7;   ///< pixels at scale 1
inline constexpr std::int64_t kGlyphAdvance = 6;  ///< from one letter to the next, at scale 1

/// How letters look.
struct Lettering {
  std::int64_t scale = 1;  ///< pixels per dot of a letter
  std::uint8_t ink = 0;    ///< grey level
};

/// Width in pixels of a line at this scale.
[[nodiscard]] std::int64_t text_width(const std::string& line, std::int64_t scale);

/// Draws one line into a picture (uint8 [3,H,W]) with its upper left corner at (top, left).
/// What leaves the picture is cut off. Characters outside printable ASCII are drawn as '?'.
void draw_text(torch::Tensor& picture, const std::string& line, std::int64_t top, std::int64_t left,
               const Lettering& lettering);

}  // namespace taskonomy::data
