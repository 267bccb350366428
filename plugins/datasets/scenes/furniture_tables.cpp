// Tables: for dining, working and putting things down.
#include "furniture.hpp"

namespace taskonomy::scenes {
namespace {

/// A top of this thickness on four square or turned legs, and its free surface.
void table(Mesh& m, float w, float d, float h, float thick, float leg, bool turned, int top, int legs) {
  const float x = 0.5F * w;
  m.box({-x, 0, h - thick}, {x, d, h}, top);
  for (const float px : {-x + leg, x - leg}) {
    for (const float py : {leg, d - leg}) {
      if (turned)
        m.lathe({px, py, 0},
                {{0.5F * leg, 0}, {0.4F * leg, 0.1F}, {0.65F * leg, 0.5F * h}, {0.5F * leg, h - thick}}, 8,
                legs);
      else
        m.box({px - 0.5F * leg, py - 0.5F * leg, 0}, {px + 0.5F * leg, py + 0.5F * leg, h - thick}, legs);
    }
  }
  m.supports.push_back({-x + 0.04F, 0.04F, x - 0.04F, d - 0.04F, h, 0.7F});
}

/// A drawer or door front with a handle, on the +y face.
void drawer(Mesh& m, float x0, float x1, float z0, float z1, float y, int front, int handle) {
  m.box({x0 + 0.006F, y, z0 + 0.006F}, {x1 - 0.006F, y + 0.018F, z1 - 0.006F}, front);
  const float cx = 0.5F * (x0 + x1), z = 0.5F * (z0 + z1), half = std::min(0.08F, 0.25F * (x1 - x0));
  m.box({cx - half, y + 0.018F, z - 0.007F}, {cx + half, y + 0.042F, z + 0.007F}, handle);
}

}  // namespace

Object dining_table(Style& s, Rng& rng, float width, float depth) {
  Object o{"dining table", Label::dining_table, {}};
  table(o.mesh, width, depth, rng.range(0.73F, 0.77F), rng.range(0.03F, 0.06F), rng.range(0.06F, 0.1F),
        rng.chance(0.35F), s.wood, rng.chance(0.75F) ? s.wood : s.dark_metal);
  return o;
}

Object round_table(Style& s, Rng& rng, float radius) {
  Object o{"dining table", Label::dining_table, {}};
  const float h = rng.range(0.73F, 0.76F), y = radius;
  o.mesh.cylinder({0, y, h - 0.035F}, radius, 0.035F, 28, s.wood);
  o.mesh.lathe({0, y, 0}, {{0.28F, 0}, {0.28F, 0.03F}, {0.06F, 0.07F}, {0.045F, 0.4F}, {0.08F, h - 0.035F}},
               14, rng.chance(0.6F) ? s.wood : s.dark_metal);
  const float inner = 0.6F * radius;
  o.mesh.supports.push_back({-inner, y - inner, inner, y + inner, h, 0.7F});
  return o;
}

Object coffee_table(Style& s, Rng& rng) {
  Object o{"coffee table", Label::background, {}};
  const float h = rng.range(0.36F, 0.46F);
  if (rng.chance(0.3F)) {
    const float r = rng.range(0.32F, 0.45F);
    o.mesh.cylinder({0, r, h - 0.03F}, r, 0.03F, 24, rng.chance(0.5F) ? s.wood : s.counter);
    for (int i = 0; i < 3; ++i) {
      const float a = 2.1F * static_cast<float>(i);
      o.mesh.rod({0.8F * r * std::cos(a), r + 0.8F * r * std::sin(a), 0},
                 {0.5F * r * std::cos(a), r + 0.5F * r * std::sin(a), h - 0.03F}, 0.016F, 0.02F, 6, s.wood);
    }
    o.mesh.supports.push_back({-0.6F * r, 0.4F * r, 0.6F * r, 1.6F * r, h, 0.6F});
    return o;
  }
  const float w = rng.range(0.8F, 1.25F), d = rng.range(0.45F, 0.65F);
  table(o.mesh, w, d, h, 0.035F, 0.05F, false, s.wood, rng.chance(0.6F) ? s.wood : s.dark_metal);
  if (rng.chance(0.5F))
    o.mesh.box({-0.5F * w + 0.08F, 0.08F, 0.12F}, {0.5F * w - 0.08F, d - 0.08F, 0.14F}, s.wood);
  return o;
}

Object desk(Style& s, Rng& rng, float width) {
  Object o{"desk", Label::background, {}};
  const float d = rng.range(0.6F, 0.78F), h = rng.range(0.72F, 0.75F), x = 0.5F * width;
  o.mesh.box({-x, 0, h - 0.03F}, {x, d, h}, s.wood);
  const int legs = rng.chance(0.5F) ? s.dark_metal : s.wood;
  const bool pedestal = rng.chance(0.65F);
  const float side = rng.chance(0.5F) ? 1.0F : -1.0F;
  if (pedestal) {
    const float x0 = side > 0 ? x - 0.44F : -x + 0.02F, x1 = x0 + 0.42F;
    o.mesh.box({x0, 0.04F, 0.03F}, {x1, d - 0.06F, h - 0.03F}, s.front);
    for (int i = 0; i < 3; ++i) {
      const float z = 0.04F + static_cast<float>(i) * (h - 0.09F) / 3.0F;
      drawer(o.mesh, x0, x1, z, z + (h - 0.09F) / 3.0F, d - 0.06F, s.front, s.metal);
    }
  }
  for (const float px : {-x + 0.04F, x - 0.04F}) {
    if (pedestal && px * side > 0) continue;
    for (const float py : {0.05F, d - 0.05F})
      o.mesh.box({px - 0.02F, py - 0.02F, 0}, {px + 0.02F, py + 0.02F, h - 0.03F}, legs);
  }
  o.mesh.supports.push_back({-x + 0.03F, 0.03F, x - 0.03F, d - 0.05F, h, 0.8F});
  return o;
}

Object nightstand(Style& s, Rng& rng) {
  Object o{"nightstand", Label::background, {}};
  const float w = rng.range(0.38F, 0.52F), d = rng.range(0.34F, 0.42F), h = rng.range(0.42F, 0.6F),
              x = 0.5F * w;
  const int drawers = 1 + rng.below(3);
  o.mesh.box({-x, 0, 0.08F}, {x, d, h - 0.02F}, s.wood);
  o.mesh.box({-x - 0.005F, 0, h - 0.02F}, {x + 0.005F, d + 0.01F, h}, s.wood);
  for (const float px : {-x + 0.03F, x - 0.03F})
    for (const float py : {0.03F, d - 0.03F})
      o.mesh.box({px - 0.015F, py - 0.015F, 0}, {px + 0.015F, py + 0.015F, 0.08F}, s.wood);
  for (int i = 0; i < drawers; ++i) {
    const float step = (h - 0.12F) / static_cast<float>(drawers), z = 0.09F + step * static_cast<float>(i);
    drawer(o.mesh, -x, x, z, z + step, d, s.wood, s.metal);
  }
  o.mesh.supports.push_back({-x + 0.02F, 0.02F, x - 0.02F, d - 0.02F, h, 0.6F});
  return o;
}

Object console_table(Style& s, Rng& rng, float width) {
  Object o{"console table", Label::background, {}};
  table(o.mesh, width, rng.range(0.28F, 0.36F), rng.range(0.74F, 0.86F), 0.03F, 0.045F, rng.chance(0.3F),
        s.wood, s.wood);
  return o;
}

Object dresser(Style& s, Rng& rng, float width) {
  Object o{"dresser", Label::background, {}};
  const float d = rng.range(0.4F, 0.5F), h = rng.range(0.72F, 1.05F), x = 0.5F * width;
  const int rows = 3 + rng.below(2), columns = width > 0.85F ? 2 : 1;
  o.mesh.box({-x, 0, 0.07F}, {x, d, h - 0.025F}, s.wood);
  o.mesh.box({-x - 0.01F, 0, h - 0.025F}, {x + 0.01F, d + 0.02F, h}, s.wood);
  o.mesh.box({-x + 0.03F, 0.03F, 0}, {x - 0.03F, d - 0.03F, 0.07F}, s.wood);
  for (int r = 0; r < rows; ++r) {
    for (int c = 0; c < columns; ++c) {
      const float step = (h - 0.11F) / static_cast<float>(rows), z = 0.08F + step * static_cast<float>(r);
      const float cw = width / static_cast<float>(columns), px = -x + cw * static_cast<float>(c);
      drawer(o.mesh, px, px + cw, z, z + step, d, s.front, s.metal);
    }
  }
  o.mesh.supports.push_back({-x + 0.03F, 0.03F, x - 0.03F, d - 0.03F, h, 0.6F});
  return o;
}

}  // namespace taskonomy::scenes
