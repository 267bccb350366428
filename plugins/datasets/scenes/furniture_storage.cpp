// Beds, what things are kept in (wardrobes, shelves, racks, boxes, bins), and what keeps a room warm and
// clean.
#include "furniture.hpp"

namespace taskonomy::scenes {

Object bed(Style& s, Rng& rng, float width) {
  Object o{"bed", Label::bed, {}};
  const float l = rng.range(1.95F, 2.05F), x = 0.5F * width, rail = rng.range(0.24F, 0.34F),
              top = rail + rng.range(0.18F, 0.24F);
  const bool upholstered = rng.chance(0.35F);
  const int frame = upholstered ? s.fabric : s.wood;
  const float head = rng.range(0.85F, 1.25F);
  if (upholstered)
    o.mesh.rounded_box({-x - 0.05F, 0, 0}, {x + 0.05F, 0.09F, head}, 0.04F, frame, 2);
  else
    o.mesh.box({-x - 0.04F, 0.0F, 0}, {x + 0.04F, 0.05F, head}, frame);
  o.mesh.box({-x - 0.03F, 0.09F, 0.08F}, {x + 0.03F, l + 0.1F, rail}, frame);
  for (const float px : {-x + 0.03F, x - 0.03F})
    o.mesh.box({px - 0.03F, l, 0}, {px + 0.03F, l + 0.06F, 0.08F}, frame);
  if (rng.chance(0.3F)) o.mesh.box({-x - 0.04F, l + 0.1F, 0.0F}, {x + 0.04F, l + 0.14F, rail + 0.3F}, frame);
  o.mesh.rounded_box({-x, 0.1F, rail}, {x, l + 0.08F, top}, 0.05F, s.pillow, 2);
  // The duvet: a little wider than the mattress, softly waved on top.
  const float from = rng.range(0.5F, 0.8F), drop = rng.range(0.15F, 0.3F), to = l + 0.09F;
  const float phase = rng.range(0.0F, 6.0F), wave = rng.range(0.004F, 0.012F);
  const auto lift = [=](double px, double py) {
    return wave * std::sin(7.0 * px + phase) * std::sin(5.0 * py + phase);
  };
  const float wide = x + 0.025F, over = top + 0.03F;
  o.mesh.surface(
      [=](double u, double v) {
        const double px = -wide + 2 * wide * u, py = from + (to - from) * v;
        return Point{px, py, over + lift(px, py)};
      },
      10, 12, s.bedding, {2 * wide, to - from});
  for (const float side : {-1.0F, 1.0F}) {
    o.mesh.surface(
        [=](double u, double v) {
          const double py = side > 0 ? from + (to - from) * u : to + (from - to) * u;
          const double px = side * wide, z = over - drop * (1 - v);
          return Point{px + side * 0.012 * std::sin(9.0 * py + phase) * (1 - v), py, z + v * lift(px, py)};
        },
        10, 1, s.bedding, {to - from, drop});
  }
  o.mesh.surface(
      [=](double u, double v) {
        const double px = wide - 2 * wide * u;
        return Point{px, to + 0.01 * (1 - v), over - drop * (1 - v) + v * lift(px, to)};
      },
      8, 1, s.bedding, {2 * wide, drop});
  const int pillows = width < 1.2F ? 1 : 2;
  for (int i = 0; i < pillows; ++i) {
    const float px = pillows == 1 ? 0.0F : (static_cast<float>(i) - 0.5F) * width * 0.5F;
    const float half = pillows == 1 ? 0.34F : std::min(0.36F, 0.23F * width);
    o.mesh.cushion({px, 0.34F, top + 0.07F}, {half, 0.22F, 0.075F}, false, s.pillow);
    if (rng.chance(0.5F))
      o.mesh.cushion({px, 0.2F, top + 0.2F}, {half * 0.8F, 0.07F, 0.18F}, true, s.fabric_second);
  }
  return o;
}

Object wardrobe(Style& s, Rng& rng, float width) {
  Object o{"wardrobe", Label::background, {}};
  const float d = rng.range(0.55F, 0.62F), h = rng.range(1.9F, 2.2F), x = 0.5F * width;
  const int doors = std::max(2, static_cast<int>(width / 0.52F));
  o.mesh.box({-x, 0, 0}, {x, d, h}, s.wood);
  for (int i = 0; i < doors; ++i) {
    const float step = width / static_cast<float>(doors), px = -x + step * static_cast<float>(i);
    o.mesh.box({px + 0.006F, d, 0.08F}, {px + step - 0.006F, d + 0.02F, h - 0.04F}, s.front);
    const float hx = i % 2 == 0 ? px + step - 0.05F : px + 0.05F;
    o.mesh.box({hx - 0.01F, d + 0.02F, 0.9F}, {hx + 0.01F, d + 0.05F, 1.15F}, s.metal);
  }
  o.mesh.supports.push_back({-x + 0.03F, 0.05F, x - 0.03F, d - 0.03F, h, 0.35F});
  return o;
}

Object bookshelf(Style& s, Rng& rng, float width, float height) {
  Object o{"bookshelf", Label::background, {}};
  const float d = rng.range(0.26F, 0.34F), x = 0.5F * width, board = 0.022F;
  o.mesh.box({-x, 0, 0}, {-x + board, d, height}, s.wood);
  o.mesh.box({x - board, 0, 0}, {x, d, height}, s.wood);
  o.mesh.box({-x + board, 0, 0}, {x - board, 0.008F, height}, s.wood);
  const int shelves = std::max(2, static_cast<int>(height / rng.range(0.33F, 0.4F)));
  for (int i = 0; i <= shelves; ++i) {
    const float z = mix(0.07F, height - board, static_cast<float>(i) / static_cast<float>(shelves));
    o.mesh.box({-x + board, 0.008F, z}, {x - board, d, z + board}, s.wood);
    const float room = i == shelves ? 0.5F : (height - board - 0.07F) / static_cast<float>(shelves) - board;
    o.mesh.supports.push_back(
        {-x + board + 0.004F, 0.012F, x - board - 0.004F, d - 0.01F, z + board, room - 0.01F});
  }
  return o;
}

Object metal_rack(Style& s, Rng& rng, float width) {
  Object o{"rack", Label::background, {}};
  const float d = rng.range(0.38F, 0.5F), h = rng.range(1.6F, 2.1F), x = 0.5F * width;
  const int steel = rng.chance(0.5F) ? s.dark_metal : s.metal, board = rng.chance(0.5F) ? s.wood : steel;
  for (const float px : {-x, x - 0.035F})
    for (const float py : {0.0F, d - 0.035F}) o.mesh.box({px, py, 0}, {px + 0.035F, py + 0.035F, h}, steel);
  const int shelves = 3 + rng.below(2);
  for (int i = 0; i <= shelves; ++i) {
    const float z = mix(0.12F, h - 0.06F, static_cast<float>(i) / static_cast<float>(shelves));
    o.mesh.box({-x + 0.036F, 0.004F, z}, {x - 0.036F, d - 0.004F, z + 0.03F}, board);
    const float room = i == shelves ? 0.4F : (h - 0.18F) / static_cast<float>(shelves) - 0.03F;
    o.mesh.supports.push_back({-x + 0.045F, 0.01F, x - 0.045F, d - 0.01F, z + 0.03F, room - 0.01F});
  }
  return o;
}

Object tv_bench(Style& s, Rng& rng, float width) {
  Object o{"tv bench", Label::background, {}};
  const float d = rng.range(0.36F, 0.45F), h = rng.range(0.4F, 0.55F), x = 0.5F * width;
  o.mesh.box({-x, 0, 0.08F}, {x, d, h}, s.wood);
  o.mesh.box({-x + 0.05F, 0.05F, 0}, {x - 0.05F, d - 0.05F, 0.08F}, s.dark_metal);
  for (int i = 0; i < 3; ++i) {
    const float step = width / 3.0F, px = -x + step * static_cast<float>(i);
    o.mesh.box({px + 0.008F, d, 0.1F}, {px + step - 0.008F, d + 0.018F, h - 0.02F},
               i == 1 ? s.black_glass : s.front);
  }
  o.mesh.supports.push_back({-x + 0.03F, 0.03F, x - 0.03F, d - 0.03F, h, 1.0F});
  return o;
}

Object coat_rack(Style& s, Rng& rng, float width) {
  Object o{"coat rack", Label::background, {}};
  const float x = 0.5F * width;
  o.mesh.box({-x, 0, 1.6F}, {x, 0.025F, 1.72F}, s.wood);
  const int hooks = 3 + rng.below(3);
  for (int i = 0; i < hooks; ++i) {
    const float px = -x + width * (static_cast<float>(i) + 0.5F) / static_cast<float>(hooks);
    o.mesh.rod({px, 0.025F, 1.66F}, {px, 0.09F, 1.69F}, 0.01F, 0.008F, 5, s.metal);
    if (!rng.chance(0.65F)) continue;  // a coat: wide hem, narrow shoulders
    const int cloth = rng.chance(0.4F)   ? s.fabric
                      : rng.chance(0.5F) ? s.fabric_second
                                         : s.paint(hsv(rng.uniform(), 0.4F, rng.range(0.1F, 0.5F)), 0.0F);
    const float hem = 1.58F - rng.range(0.65F, 0.95F), phase = rng.range(0.0F, 6.0F);
    o.mesh.surface(
        [=](double u, double v) {
          const double a = 2 * M_PI * u, r = 0.17 - 0.1 * v * v + 0.012 * std::sin(5 * a + phase);
          return Point{px + r * 0.62 * std::cos(a), 0.125 + 0.45 * r * std::sin(a), hem + (1.64 - hem) * v};
        },
        16, 5, cloth, {0.9F, 1.64F - hem});
  }
  return o;
}

Object carton(Style& s, Rng& rng, Vec3 largest) {
  Object o{"box", Label::background, {}};
  const Vec3 size{largest.x * rng.range(0.6F, 1.0F), largest.y * rng.range(0.7F, 1.0F),
                  largest.z * rng.range(0.5F, 1.0F)};
  Material m;
  if (rng.chance(0.65F)) {
    m.pattern = Pattern::cardboard;
    m.a = srgb(0xB08A5A) * rng.range(0.8F, 1.25F);
    m.b = srgb(0xD8C49A);
  } else {
    m.a = hsv(rng.uniform(), rng.range(0.05F, 0.5F), rng.range(0.3F, 0.85F));
    m.specular = 0.2F;
  }
  const int side = s.add(m);
  const float x = 0.5F * size.x;
  o.mesh.box({-x, 0, 0}, {x, size.y, size.z}, side);
  if (m.pattern != Pattern::cardboard)
    o.mesh.box({-x - 0.008F, -0.0F, size.z}, {x + 0.008F, size.y + 0.008F, size.z + 0.02F},
               s.paint(m.a * 0.6F));
  return o;
}

Object bin(Style& s, Rng& rng) {
  Object o{"bin", Label::background, {}};
  const float r = rng.range(0.11F, 0.16F), h = rng.range(0.28F, 0.45F);
  o.mesh.lathe({0, r, 0}, {{0, 0}, {0.8F * r, 0}, {r, h}, {0.95F * r, h}, {0.78F * r, 0.05F}, {0, 0.05F}}, 16,
               rng.chance(0.5F) ? s.metal : s.plastic);
  return o;
}

Object bucket(Style& s, Rng& rng) {
  Object o{"bucket", Label::background, {}};
  const int body = s.paint(hsv(rng.uniform(), 0.6F, 0.6F), 0.2F);
  o.mesh.lathe({0, 0.15F, 0},
               {{0, 0},
                {0.11F, 0},
                {0.14F, 0.27F},
                {0.148F, 0.27F},
                {0.148F, 0.285F},
                {0.13F, 0.285F},
                {0.105F, 0.03F},
                {0, 0.03F}},
               16, body);
  return o;
}

Object radiator(Style& s, Rng& rng, float width) {
  Object o{"radiator", Label::background, {}};
  const float h = rng.range(0.5F, 0.62F), x = 0.5F * width;
  const int ribs = static_cast<int>(width / 0.07F);
  const int white = s.paint(hsv(0.1F, 0.02F, 0.93F), 0.2F);
  o.mesh.box({-x, 0.03F, 0.12F}, {x, 0.05F, 0.16F}, white);
  o.mesh.box({-x, 0.03F, h - 0.02F}, {x, 0.05F, h + 0.02F}, white);
  for (int i = 0; i < ribs; ++i) {
    const float px = -x + width * (static_cast<float>(i) + 0.5F) / static_cast<float>(ribs);
    o.mesh.rounded_box({px - 0.026F, 0.015F, 0.1F}, {px + 0.026F, 0.09F, h + 0.05F}, 0.02F, white);
  }
  return o;
}

Object broom(Style& s, Rng& rng) {
  Object o{"broom", Label::background, {}};
  const int hair = s.paint(hsv(rng.range(0.05F, 0.15F), 0.5F, 0.6F), 0.0F);
  o.mesh.box({-0.15F, 0.02F, 0}, {0.15F, 0.07F, 0.1F}, hair);
  o.mesh.box({-0.16F, 0.015F, 0.1F}, {0.16F, 0.075F, 0.13F}, s.wood);
  o.mesh.rod({0, 0.045F, 0.13F}, {0, 0.02F, 1.35F}, 0.013F, 0.013F, 6, s.wood_second);
  return o;
}

Object ladder(Style& s, Rng& rng) {
  Object o{"ladder", Label::background, {}};
  const int steel = rng.chance(0.6F) ? s.metal : s.wood;
  const float h = rng.range(1.3F, 1.9F);
  for (const float px : {-0.2F, 0.2F}) {
    o.mesh.rod({px, 0.42F, 0}, {px, 0.1F, h}, 0.02F, 0.02F, 4, steel);
    o.mesh.rod({px, 0.02F, 0}, {px, 0.08F, h}, 0.015F, 0.015F, 4, steel);
  }
  for (int i = 1; i <= 5; ++i) {
    const float t = static_cast<float>(i) / 5.2F, y = mix(0.42F, 0.1F, t);
    o.mesh.box({-0.2F, y - 0.04F, t * h - 0.012F}, {0.2F, y + 0.04F, t * h + 0.012F}, steel);
  }
  return o;
}

}  // namespace taskonomy::scenes
