// Reads drawings as tests need it: which elements there are, where they stand, and whether the text is XML at
// all.
#pragma once

#include <cmath>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/text.hpp"

namespace taskonomy::tests {

/// An element with the place of its group: translations of all groups around it, and its own, added up.
struct SvgElement {
  std::string tag;
  std::map<std::string, std::string> attributes;
  std::string text;  ///< of a text element, entities as they stand
  double x = 0.0, y = 0.0;
  bool shown = true;  ///< neither it nor a group around it is hidden
  bool turned = false;

  bool is(const std::string& name) const { return has(" " + attribute("class") + " ", " " + name + " "); }
  std::string attribute(const std::string& name) const {
    const auto found = attributes.find(name);
    return found == attributes.end() ? "" : found->second;
  }
  double number(const std::string& name) const {
    return attributes.contains(name) ? std::stod(attribute(name)) : 0.0;
  }
};

inline std::map<std::string, std::string> attributes_of(const std::string& tag) {
  std::map<std::string, std::string> all;
  for (std::size_t at = tag.find("=\""); at != std::string::npos; at = tag.find("=\"", at)) {
    const std::size_t name = tag.find_last_of(" \n", at) + 1, end = tag.find('"', at + 2);
    all[tag.substr(name, at - name)] = tag.substr(at + 2, end - at - 2);
    at = end;
  }
  return all;
}

/// All elements in the order of the text, which is well formed.
inline std::vector<SvgElement> svg_elements(const std::string& svg) {
  std::vector<SvgElement> all, open{{}};
  for (std::size_t at = svg.find('<'); at != std::string::npos; at = svg.find('<', at + 1)) {
    const std::size_t end = svg.find('>', at);
    const std::string tag = svg.substr(at + 1, end - at - 1);
    if (tag[0] == '/') {
      open.pop_back();
      continue;
    }
    SvgElement element{tag.substr(0, tag.find_first_of(" />")),
                       attributes_of(tag),
                       "",
                       open.back().x,
                       open.back().y,
                       open.back().shown,
                       open.back().turned};
    const std::string transform = element.attribute("transform");
    if (transform.starts_with("translate(")) {
      std::size_t used = 0;
      element.x += std::stod(transform.substr(10), &used);
      if (transform[10 + used] == ' ') element.y += std::stod(transform.substr(11 + used));
    }
    element.turned = element.turned || has(transform, "rotate");
    element.shown = element.shown && !element.attributes.contains("hidden");
    if (element.tag == "text" || element.tag == "title")
      element.text = svg.substr(end + 1, svg.find('<', end) - end - 1);
    all.push_back(element);
    if (tag.back() != '/') open.push_back(element);
  }
  return all;
}

/// Tags nest, attributes are quoted and stand once, ampersands begin entities: enough of XML for what is
/// drawn here.
inline bool well_formed(const std::string& xml) {
  std::vector<std::string> open;
  for (std::size_t at = xml.find('<'); at != std::string::npos; at = xml.find('<', at)) {
    const std::size_t end = xml.find('>', at);
    if (end == std::string::npos) return false;
    const std::string tag = xml.substr(at + 1, end - at - 1);
    at = end;
    if (count_of(tag, "\"") % 2 != 0 || has(tag, "<") || attributes_of(tag).size() != count_of(tag, "=\""))
      return false;
    const std::string name =
        tag.substr(tag[0] == '/' ? 1 : 0, tag.find_first_of(" \n/", 1) - (tag[0] == '/' ? 1 : 0));
    if (tag[0] == '/') {
      if (open.empty() || open.back() != name) return false;
      open.pop_back();
    } else if (tag.back() != '/') {
      open.push_back(name);
    }
  }
  for (std::size_t at = xml.find('&'); at != std::string::npos; at = xml.find('&', at + 1)) {
    const std::size_t end = xml.find(';', at);
    if (end == std::string::npos || end - at > 8) return false;
  }
  return open.empty();
}

/// Pairs of shown texts of a class that overlap. Letters count as half the font size wide, lines as 11 pixels
/// high; turned texts are left out.
inline std::vector<std::string> overlaps(const std::string& svg, const std::string& kind,
                                         double font_size = 13) {
  struct Box {
    double left, right, y;
    std::string text;
  };
  std::vector<Box> boxes;
  std::vector<std::string> found;
  for (const auto& one : svg_elements(svg)) {
    if (one.tag != "text" || !one.shown || one.turned || !one.is(kind)) continue;
    const double width = 0.5 * font_size * static_cast<double>(one.text.size()), x = one.x + one.number("x");
    const double left = one.is("end") ? x - width : one.is("middle") ? x - width / 2 : x;
    boxes.push_back({left, left + width, one.y + one.number("y"), one.text});
  }
  for (std::size_t a = 0; a < boxes.size(); ++a)
    for (std::size_t b = 0; b < a; ++b)
      if (std::abs(boxes[a].y - boxes[b].y) < 11 && boxes[a].left < boxes[b].right &&
          boxes[b].left < boxes[a].right)
        found.push_back(boxes[a].text + " | " + boxes[b].text);
  return found;
}

}  // namespace taskonomy::tests
