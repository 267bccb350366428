// The look of one room: a table of materials and the finishes that its furniture shares.
#pragma once

#include <cstdint>
#include <vector>

#include "classes.hpp"
#include "random.hpp"
#include "texture.hpp"

namespace taskonomy::scenes {

/// Linear RGB of an sRGB hex colour.
Vec3 srgb(unsigned hex);
/// The sRGB byte of a linear value; values beyond 0..1 are clipped.
std::uint8_t to_srgb(float x);
/// Linear RGB of hue (0..1), saturation and value in sRGB terms.
Vec3 hsv(float hue, float saturation, float value);

/// Materials of a room by index, and which of them is used for what.
struct Style {
  std::vector<Material> materials;

  int wall = 0, accent_wall = 0, wet_wall = 0, floor = 0, ceiling = 0, trim = 0, door = 0, frame = 0;
  int wood = 0, wood_second = 0, front = 0, counter = 0, backsplash = 0;
  int fabric = 0, fabric_second = 0, bedding = 0, pillow = 0, curtain = 0, rug = 0;
  int metal = 0, dark_metal = 0, ceramic = 0, black_glass = 0, appliance = 0, plastic = 0, paper = 0,
      soil = 0;
  int lampshade = 0, bulb = 0;

  int add(const Material& material) {
    materials.push_back(material);
    return static_cast<int>(materials.size()) - 1;
  }
  /// Adds a plain colour and returns its index.
  int paint(Vec3 colour, float specular = 0.1F, float gloss = 20.0F);
};

/// Draws the finishes of a room. Hues lie around one or two key colours, so that the room looks as if
/// somebody chose them.
Style make_style(RoomKind kind, Rng& rng);

}  // namespace taskonomy::scenes
