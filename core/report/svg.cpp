#include "core/report/svg.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "core/base/text.hpp"

namespace taskonomy::report {

namespace {

struct Colour {
  double red;
  double green;
  double blue;
};

/// Points of ColorBrewer's "Blues", from 0 to 1.
constexpr std::array<Colour, 5> kBlues{
    {{247, 251, 255}, {198, 219, 239}, {107, 174, 214}, {33, 113, 181}, {8, 48, 107}}};

/// Length of the UTF-8 sequence that begins at `at`; 0 when it is none.
std::size_t sequence_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(at);
  const std::size_t length = lead < 0x80                   ? 1
                             : lead >= 0xC2 && lead < 0xE0 ? 2
                             : lead >= 0xE0 && lead < 0xF0 ? 3
                             : lead >= 0xF0 && lead < 0xF5 ? 4
                                                           : 0;
  if (length == 0 || at + length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xC0U) != 0x80U) return 0;
  }
  return length;
}

}  // namespace

std::string xml_escaped(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = sequence_length(text, at);
    const char letter = text[at];
    if (length == 0) {
      result += '?';
    } else if (length > 1) {
      result += text.substr(at, length);
    } else if (letter == '&') {
      result += "&amp;";
    } else if (letter == '<') {
      result += "&lt;";
    } else if (letter == '>') {
      result += "&gt;";
    } else if (letter == '"') {
      result += "&quot;";
    } else if (static_cast<unsigned char>(letter) >= 0x20) {
      result += letter;
    }
    at += std::max<std::size_t>(1, length);
  }
  return result;
}

std::string pixels(double value) { return base::fixed(value, 1); }

std::string text_at(double x, double y, const std::string& attributes, const std::string& text) {
  return "<text x=\"" + pixels(x) + "\" y=\"" + pixels(y) + "\"" + attributes + ">" + xml_escaped(text) +
         "</text>\n";
}

std::string blue_scale(double share) {
  const double place = std::clamp(share, 0.0, 1.0) * static_cast<double>(kBlues.size() - 1);
  const auto index = std::min(static_cast<std::size_t>(place), kBlues.size() - 2);
  const double part = place - static_cast<double>(index);
  const auto& from = kBlues[index];
  const auto& to = kBlues[index + 1];
  const auto mixed = [&](double a, double b) { return static_cast<int>(std::lround(a + part * (b - a))); };
  char text[8];
  std::snprintf(text, sizeof text, "#%02x%02x%02x", mixed(from.red, to.red), mixed(from.green, to.green),
                mixed(from.blue, to.blue));
  return text;
}

bool is_dark(double share) { return share > 0.55; }

}  // namespace taskonomy::report
