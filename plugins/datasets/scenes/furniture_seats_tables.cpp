// Chairs, couches, stools and benches; tables for dining, working and putting things down.
#include "furniture.hpp"

namespace taskonomy::scenes {
namespace {

void four_legs(Mesh& m, Vec3 lo, Vec3 hi, float splay, float radius, bool square, int material) {
  for (const float sx : {-1.0F, 1.0F}) {
    for (const float sy : {-1.0F, 1.0F}) {
      const Vec3 top{sx > 0 ? hi.x - radius : lo.x + radius, sy > 0 ? hi.y - radius : lo.y + radius, hi.z};
      const Vec3 foot{top.x + sx * splay, top.y + sy * splay, lo.z};
      if (square)
        m.box({top.x - radius, top.y - radius, lo.z}, {top.x + radius, top.y + radius, hi.z}, material);
      else
        m.rod(foot, top, radius * 0.7F, radius, 6, material);
    }
  }
}

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

Object chair(Style& s, Rng& rng) {
  Object o{"chair", Label::chair, {}};
  const float w = rng.range(0.42F, 0.5F), d = rng.range(0.44F, 0.52F), seat = rng.range(0.44F, 0.47F);
  const float top = rng.range(0.82F, 1.05F), x = 0.5F * w;
  const int look = rng.below(4);
  const int frame = look == 3          ? s.dark_metal
                    : rng.chance(0.7F) ? s.wood
                                       : s.paint(hsv(rng.uniform(), 0.5F, 0.6F));
  const bool padded = rng.chance(0.5F);
  four_legs(o.mesh, {-x, 0.03F, 0}, {x, d, seat - 0.04F}, look == 3 ? 0.0F : 0.02F,
            look == 3 ? 0.012F : 0.02F, look == 0, frame);
  if (padded || look == 3)
    o.mesh.rounded_box({-x, 0.02F, seat - 0.04F}, {x, d, seat + 0.03F}, 0.03F,
                       rng.chance(0.5F) ? s.fabric_second : s.fabric);
  else
    o.mesh.box({-x, 0.02F, seat - 0.04F}, {x, d, seat}, frame);
  const float y0 = 0.0F, y1 = 0.035F, base = seat + 0.035F;
  if (look == 0) {  // slats
    for (const float px : {-x, x - 0.035F}) o.mesh.box({px, y0, base}, {px + 0.035F, y1, top}, frame);
    o.mesh.box({-x + 0.035F, y0, top - 0.08F}, {x - 0.035F, y1, top}, frame);
    for (int i = 1; i <= 4; ++i) {
      const float px = -x + w * static_cast<float>(i) / 5.0F;
      o.mesh.box({px - 0.012F, y0 + 0.008F, base}, {px + 0.012F, y1 - 0.008F, top - 0.08F}, frame);
    }
  } else if (look == 1) {  // ladder
    for (const float px : {-x, x - 0.035F}) o.mesh.box({px, y0, base}, {px + 0.035F, y1, top}, frame);
    for (int i = 0; i < 3; ++i) {
      const float z = mix(base + 0.1F, top - 0.08F, static_cast<float>(i) / 2.0F);
      o.mesh.box({-x + 0.035F, y0, z}, {x - 0.035F, y1 - 0.01F, z + 0.06F}, frame);
    }
  } else {  // one curved or padded board
    o.mesh.box({-x + 0.03F, 0.008F, base}, {-x + 0.06F, 0.03F, seat + 0.14F}, frame);
    o.mesh.box({x - 0.06F, 0.008F, base}, {x - 0.03F, 0.03F, seat + 0.14F}, frame);
    o.mesh.rounded_box({-x, y0, seat + 0.14F}, {x, padded ? 0.07F : y1, top}, 0.03F,
                       padded ? s.fabric : frame);
  }
  return o;
}

Object office_chair(Style& s, Rng& rng) {
  Object o{"office chair", Label::chair, {}};
  const int cloth = rng.chance(0.5F) ? s.plastic : s.fabric;
  const float seat = rng.range(0.46F, 0.52F), top = rng.range(0.95F, 1.15F), y = 0.3F;
  for (int i = 0; i < 5; ++i) {
    const float a = 2.0F * kPi * static_cast<float>(i) / 5.0F + 0.3F;
    const Vec3 tip{0.27F * std::cos(a), y + 0.27F * std::sin(a), 0.06F};
    o.mesh.rod({0, y, 0.1F}, tip, 0.025F, 0.018F, 5, s.dark_metal);
    o.mesh.ball(tip - Vec3{0, 0, 0.03F}, {0.03F, 0.03F, 0.03F}, 6, s.plastic);
  }
  o.mesh.cylinder({0, y, 0.1F}, 0.028F, seat - 0.15F, 8, s.dark_metal);
  o.mesh.rounded_box({-0.25F, 0.06F, seat - 0.05F}, {0.25F, 0.56F, seat + 0.04F}, 0.04F, cloth, 2);
  o.mesh.box({-0.04F, 0.015F, seat - 0.03F}, {0.04F, 0.04F, seat + 0.16F}, s.dark_metal);
  o.mesh.rounded_box({-0.23F, 0.0F, seat + 0.14F}, {0.23F, 0.08F, top}, 0.04F, cloth, 2);
  if (rng.chance(0.7F)) {
    for (const float side : {-1.0F, 1.0F}) {
      o.mesh.box({side * 0.28F - 0.02F, 0.24F, seat - 0.02F}, {side * 0.28F + 0.02F, 0.28F, seat + 0.2F},
                 s.dark_metal);
      o.mesh.rounded_box({side * 0.28F - 0.035F, 0.14F, seat + 0.2F},
                         {side * 0.28F + 0.035F, 0.42F, seat + 0.235F}, 0.015F, s.plastic);
    }
  }
  return o;
}

Object couch(Style& s, Rng& rng, int seats) {
  Object o{seats == 1 ? "armchair" : "couch", Label::couch, {}};
  const float arm = rng.range(0.12F, 0.24F), seat_width = rng.range(0.58F, 0.72F),
              d = rng.range(0.84F, 0.98F);
  const float w = seat_width * static_cast<float>(seats) + 2 * arm, x = 0.5F * w;
  const float foot = rng.range(0.06F, 0.14F), seat = rng.range(0.4F, 0.46F), back = rng.range(0.75F, 0.92F);
  const float arm_top = seat + rng.range(0.12F, 0.22F), rear = 0.22F;
  const int cloth = s.fabric;
  four_legs(o.mesh, {-x + 0.05F, 0.05F, 0}, {x - 0.05F, d - 0.05F, foot}, 0.0F, 0.025F, false, s.wood);
  o.mesh.rounded_box({-x + arm, 0.02F, foot}, {x - arm, d - 0.03F, seat - 0.15F}, 0.02F, cloth);
  for (const float side : {-1.0F, 1.0F}) {
    const float a = side > 0 ? x - arm : -x;
    o.mesh.rounded_box({a, 0.0F, foot}, {a + arm, d, arm_top}, 0.06F, cloth, 2);
  }
  o.mesh.rounded_box({-x + arm, 0.0F, seat - 0.15F}, {x - arm, rear - 0.06F, back - 0.06F}, 0.05F, cloth);
  for (int i = 0; i < seats; ++i) {
    const float a = -x + arm + seat_width * static_cast<float>(i);
    o.mesh.rounded_box({a + 0.004F, rear - 0.05F, seat - 0.15F}, {a + seat_width - 0.004F, d - 0.01F, seat},
                       0.05F, cloth, 2);
    o.mesh.rounded_box({a + 0.006F, rear - 0.1F, seat + 0.01F}, {a + seat_width - 0.006F, rear + 0.1F, back},
                       0.08F, cloth, 2);
  }
  const int pillows = seats == 1 ? rng.below(2) : 1 + rng.below(3);
  for (int i = 0; i < pillows; ++i) {
    const float px = seats == 1 ? 0.0F : (i == 0 ? -x + arm + 0.25F : i == 1 ? x - arm - 0.25F : 0.0F);
    const float half = rng.range(0.18F, 0.22F);
    o.mesh.cushion({px, rear + 0.19F, seat + half}, {half, 0.08F, half}, true,
                   i % 2 == 0 ? s.fabric_second : s.pillow);
  }
  return o;
}

Object stool(Style& s, Rng& rng) {
  Object o{"stool", Label::chair, {}};
  const float h = rng.range(0.45F, 0.68F), r = rng.range(0.15F, 0.19F);
  for (int i = 0; i < 4; ++i) {
    const float a = kPi * (0.25F + 0.5F * static_cast<float>(i));
    o.mesh.rod({(r + 0.02F) * std::cos(a), r + (r + 0.02F) * std::sin(a), 0},
               {0.7F * r * std::cos(a), r + 0.7F * r * std::sin(a), h - 0.03F}, 0.014F, 0.018F, 6, s.wood);
  }
  o.mesh.cylinder({0, r, h - 0.035F}, r, 0.035F, 16, rng.chance(0.5F) ? s.wood : s.fabric_second);
  return o;
}

Object bench(Style& s, Rng& rng, float width) {
  Object o{"bench", Label::background, {}};
  const float x = 0.5F * width, h = rng.range(0.43F, 0.48F), d = rng.range(0.34F, 0.42F);
  for (const float px : {-x + 0.06F, x - 0.1F})
    o.mesh.box({px, 0.03F, 0}, {px + 0.04F, d - 0.03F, h - 0.06F}, s.wood);
  o.mesh.rounded_box({-x, 0, h - 0.06F}, {x, d, h}, 0.02F, rng.chance(0.5F) ? s.fabric_second : s.wood);
  o.mesh.supports.push_back({-x + 0.03F, 0.03F, x - 0.03F, d - 0.03F, h, 0.5F});
  return o;
}

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
