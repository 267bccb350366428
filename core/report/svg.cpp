#include "core/report/svg.hpp"

#include <algorithm>
#include <array>
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

/// Five stops of a scale of one hue whose lightness changes evenly, from the ground to its opposite.
using Ramp = std::array<Colour, 5>;

enum class Theme { light, dark };

/// ColorBrewer's "Blues" on white; on dark ground the same hue the other way round.
constexpr Ramp kLightRamp{{{247, 251, 255}, {198, 219, 239}, {107, 174, 214}, {33, 113, 181}, {8, 48, 107}}};
constexpr Ramp kDarkRamp{{{26, 33, 45}, {29, 61, 95}, {43, 108, 163}, {105, 173, 219}, {226, 241, 255}}};

struct NamedColour {
  const char* name;
  const char* light;
  const char* dark;
};

/// The palette is Okabe and Ito's and Tol's indigo: on dark ground the darkest are lightened, on white the
/// yellow is darkened.
constexpr std::array<NamedColour, 7 + kPalette> kColours{{{"ink", "#1b2130", "#e7eaf0"},
                                                          {"soft", "#586174", "#a0aabb"},
                                                          {"line", "#d8dce4", "#323a48"},
                                                          {"paper", "#ffffff", "#12151b"},
                                                          {"panel", "#f5f6f8", "#1b2029"},
                                                          {"mark", "#c24a00", "#ff9d5c"},
                                                          {"accent", "#0b5cad", "#7ab8ff"},
                                                          {"c0", "#0072b2", "#4da6e8"},
                                                          {"c1", "#d55e00", "#f08a4b"},
                                                          {"c2", "#009e73", "#2fc79b"},
                                                          {"c3", "#cc79a7", "#e39cc4"},
                                                          {"c4", "#56b4e9", "#8fd0f5"},
                                                          {"c5", "#b78a00", "#f0c955"},
                                                          {"c6", "#332288", "#a99bf5"}}};

Colour on_ramp(const Ramp& ramp, double share) {
  const double place = share * static_cast<double>(ramp.size() - 1);
  const auto index = std::min(static_cast<std::size_t>(place), ramp.size() - 2);
  const double part = place - static_cast<double>(index);
  const auto mixed = [&](double a, double b) { return a + part * (b - a); };
  const auto &from = ramp[index], &to = ramp[index + 1];
  return {mixed(from.red, to.red), mixed(from.green, to.green), mixed(from.blue, to.blue)};
}

std::string hex(const Colour& colour) {
  char text[8];
  std::snprintf(text, sizeof text, "#%02x%02x%02x", static_cast<int>(std::lround(colour.red)),
                static_cast<int>(std::lround(colour.green)), static_cast<int>(std::lround(colour.blue)));
  return text;
}

/// Relative luminance of an sRGB colour, 0 to 1 (WCAG 2).
double luminance(const Colour& colour) {
  const auto linear = [](double value) {
    const double share = value / 255.0;
    return share <= 0.04045 ? share / 12.92 : std::pow((share + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * linear(colour.red) + 0.7152 * linear(colour.green) + 0.0722 * linear(colour.blue);
}

/// Black or white, whichever has the higher contrast on the ground: at least 4.58, whatever the ground.
const char* text_upon(const Colour& ground) {
  const double light = luminance(ground);
  return (light + 0.05) / 0.05 > 1.05 / (light + 0.05) ? "#000000" : "#ffffff";
}

struct Style {
  std::string name;
  std::string colour;
};

std::vector<Style> colours_of(Theme theme) {
  std::vector<Style> all;
  for (const auto& colour : kColours)
    all.push_back({colour.name, theme == Theme::light ? colour.light : colour.dark});
  for (std::size_t step = 0; step <= kShades; ++step) {
    const auto colour = on_ramp(theme == Theme::light ? kLightRamp : kDarkRamp,
                                static_cast<double>(step) / static_cast<double>(kShades));
    all.push_back({"s" + std::to_string(step), hex(colour)});
    all.push_back({"t" + std::to_string(step), text_upon(colour)});
  }
  return all;
}

/// The classes of the colours, and what else all drawings share.
std::string rules(const std::vector<Style>& colours) {
  std::string text;
  for (const auto& [name, colour] : colours) {
    text += ".drawing .fill-" + name + "{fill:" + colour + "}\n";
    if (name[0] != 't') text += ".drawing .stroke-" + name + "{fill:none;stroke:" + colour + "}\n";
  }
  return text +
         ".drawing .bold{font-weight:600}\n.drawing .small{font-size:11px}\n.drawing "
         ".middle{text-anchor:middle}\n" +
         ".drawing .end{text-anchor:end}\n";
}

std::string variables(const std::string& selector, Theme theme) {
  std::string text = selector + "{";
  for (const auto& [name, colour] : colours_of(theme)) text += "--" + name + ":" + colour + ";";
  return text + "}\n";
}

std::string size_attributes(Size size) {
  return "width=\"" + pixels(size.width) + "\" height=\"" + pixels(size.height) + "\"";
}

std::string view_box(Size size) {
  return "viewBox=\"0 0 " + pixels(size.width) + " " + pixels(size.height) + "\"";
}

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

/// Advance of a letter as a share of the font size. Letters beyond ASCII count as the widest.
double advance(std::string_view letter) {
  if (letter.size() > 1) return 1.0;
  const auto one_of = [&](std::string_view some) { return some.find(letter) != std::string_view::npos; };
  if (one_of("ijl.,:;'|!I ")) return 0.35;
  if (one_of("frt()[]-/\\")) return 0.42;
  if (one_of("mwMW@%")) return 0.96;
  if (letter[0] >= 'A' && letter[0] <= 'Z') return 0.72;
  return 0.62;
}

/// The letter that begins at `at`, a single byte where it is no UTF-8.
std::string_view letter_at(std::string_view text, std::size_t at) {
  return text.substr(at, std::max<std::size_t>(1, sequence_length(text, at)));
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

std::string pixels(double value) {
  std::string text = base::fixed(value, 1);
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  return text == "-0" ? "0" : text;
}

std::string text_at(Point at, std::string_view attributes, std::string_view text) {
  return "<text x=\"" + pixels(at.x) + "\" y=\"" + pixels(at.y) + "\" " + std::string(attributes) + ">" +
         xml_escaped(text) + "</text>\n";
}

std::string box_at(Point at, Size size, std::string_view attributes) {
  return "<rect x=\"" + pixels(at.x) + "\" y=\"" + pixels(at.y) + "\" " + size_attributes(size) + " " +
         std::string(attributes) + "/>\n";
}

std::string line_from(Point from, Point to, std::string_view attributes) {
  return "<path d=\"M" + pixels(from.x) + " " + pixels(from.y) + "L" + pixels(to.x) + " " + pixels(to.y) +
         "\" " + std::string(attributes) + "/>\n";
}

double text_width(std::string_view text, double font_size) {
  double width = 0.0;
  for (std::size_t at = 0; at < text.size();) {
    const auto letter = letter_at(text, at);
    width += font_size * advance(letter);
    at += letter.size();
  }
  return width;
}

std::string shortened(std::string_view text, double width, double font_size) {
  if (text_width(text, font_size) <= width) return std::string(text);
  const std::string_view end = "…";
  double used = text_width(end, font_size);
  std::size_t at = 0;
  while (at < text.size()) {
    const auto letter = letter_at(text, at);
    used += font_size * advance(letter);
    if (used > width) break;
    at += letter.size();
  }
  return std::string(text.substr(0, at)) + std::string(end);
}

std::size_t shade(double share) {
  return static_cast<std::size_t>(std::lround(std::clamp(share, 0.0, 1.0) * static_cast<double>(kShades)));
}

std::string svg_file(const Drawing& drawing) {
  constexpr double kMargin = 24, kTitle = 22, kLine = 19;
  const double top = kMargin + kTitle + kLine * static_cast<double>(drawing.heading.size()) + 14;
  double widest = text_width(drawing.title, 18);
  for (const auto& line : drawing.heading) widest = std::max(widest, text_width(line, 13));
  const Size size{std::max(drawing.size.width, widest) + 2 * kMargin, top + drawing.size.height + kMargin};
  std::string text =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"drawing " + drawing.name + "\" " +
      size_attributes(size) + " " + view_box(size) +
      " font-family=\"Helvetica, Arial, 'DejaVu Sans', sans-serif\" font-size=\"13\">\n<title>" +
      xml_escaped(drawing.title) + "</title>\n<style>\n.drawing{fill:" + kColours[0].light + "}\n" +
      rules(colours_of(Theme::light)) + "</style>\n" + box_at({0, 0}, size, "class=\"fill-paper\"");
  text += text_at({kMargin, kMargin + 14}, "class=\"bold\" font-size=\"18\"", drawing.title);
  double y = kMargin + kTitle;
  for (const auto& line : drawing.heading)
    text += text_at({kMargin, y += kLine}, "class=\"fill-soft\"", line);
  return text + "<g transform=\"translate(" + pixels(kMargin) + " " + pixels(top) + ")\">\n" + drawing.body +
         "</g>\n</svg>\n";
}

std::string svg_element(const Drawing& drawing) {
  return "<svg class=\"drawing " + drawing.name + "\" " + size_attributes(drawing.size) + " " +
         view_box(drawing.size) + " style=\"--width:" + pixels(drawing.size.width) +
         "px\" font-size=\"13\" role=\"img\" aria-label=\"" + xml_escaped(drawing.title) + "\">\n" +
         drawing.body + "</svg>\n";
}

std::string page_colours() {
  std::vector<Style> named;
  for (const auto& style : colours_of(Theme::light))
    named.push_back({style.name, "var(--" + style.name + ")"});
  return variables(":root", Theme::light) + variables(":root[data-theme=\"dark\"]", Theme::dark) +
         ".drawing{fill:var(--ink)}\n" + rules(named);
}

}  // namespace taskonomy::report
