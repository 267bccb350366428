// Procedural surfaces: what colour a point of a material has, filtered to the size of the pixel that sees it.
#pragma once

#include <cstdint>

#include "vec.hpp"

namespace taskonomy::scenes {

/// What a surface is painted with. Of the colours of Material, a is the main one, b the second (grain,
/// grout, stripe), c the third.
enum class Pattern : std::uint8_t {
  plain,      ///< a, faint large-scale variation
  plaster,    ///< a with soft blotches
  wood,       ///< grain of b in a, along u
  planks,     ///< floor boards size_u long, size_v wide, gaps of c
  parquet,    ///< squares of size_u with alternating grain
  tiles,      ///< size_u x size_v tiles of a, grout b
  checker,    ///< tiles of a and c, grout b
  bricks,     ///< running bond of a, mortar b
  carpet,     ///< fine pile, a and b
  stripes,    ///< vertical stripes of a and b, size_u wide
  motif,      ///< wallpaper: a lattice of lozenges and dots of b on a
  plaid,      ///< crossing bands of b and c on a
  dots,       ///< dots of b on a
  weave,      ///< woven fabric of a and b
  stone,      ///< speckled stone of a, b, c
  marble,     ///< veins of b in a
  brushed,    ///< brushed metal along v
  leaf,       ///< a with a midrib of b at v = 0.5
  rug,        ///< bordered carpet; u, v in 0..1; a field, b border, c ornament
  painting,   ///< a small picture; u, v in 0..1
  outdoors,   ///< sky over trees behind a window; u, v in 0..1
  screen,     ///< a television picture; u, v in 0..1
  spine,      ///< a book's spine: a with bands of b across v
  cardboard,  ///< a with a strip of tape b
};

/// One material of a room. Colours are linear RGB reflectances.
struct Material {
  Pattern pattern = Pattern::plain;
  Vec3 a{0.5F, 0.5F, 0.5F}, b{0.3F, 0.3F, 0.3F}, c{0.2F, 0.2F, 0.2F};
  float size_u = 0.1F;    ///< metres of one repeat along u
  float size_v = 0.1F;    ///< metres of one repeat along v
  float specular = 0.0F;  ///< strength of the glossy part, 0..1
  float gloss = 20.0F;    ///< Blinn-Phong exponent
  float emission = 0.0F;  ///< radiance leaving the surface = emission * colour
  float wear = 0.0F;      ///< strength of blotches of dirt and fading, 0..1; for patterns measured in metres
  float papers = 0.0F;    ///< share of places where something flat and printed lies or hangs, 0..1
  float papers_apart = 0.7F;  ///< metres from one such place to the next
  std::uint32_t seed = 0;
};

/// Reflectance at texture coordinates (u, v), which are metres unless the pattern says otherwise.
/// `footprint` is the width that one sample covers, in the same units. Finer details are averaged away,
/// lines and stripes by exact box filters.
Vec3 colour_at(const Material& material, float u, float v, float footprint);

}  // namespace taskonomy::scenes
