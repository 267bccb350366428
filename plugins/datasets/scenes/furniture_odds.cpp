// Tableware, boxes, radiators, cleaning things, and every lamp.
#include "furniture.hpp"

namespace taskonomy::scenes {

Object bowl(Style& s, Rng& rng) {
  Object o{"bowl", Label::background, {}};
  const float r = rng.range(0.1F, 0.16F), h = 0.45F * r;
  const int glaze = rng.chance(0.5F) ? s.ceramic : s.paint(hsv(rng.uniform(), 0.6F, 0.7F), 0.4F, 80.0F);
  o.mesh.smooth_lathe({0, r, 0}, {{0.4F * r, 0}, {0.8F * r, 0.4F * h}, {r, h}}, 16, 4, glaze);
  o.mesh.smooth_lathe({0, r, 0}, {{0.97F * r, h}, {0.75F * r, 0.5F * h}, {0.01F, 0.15F * h}}, 16, 4, glaze);
  if (rng.chance(0.7F)) {
    const int fruit =
        s.paint(hsv(rng.pick(std::vector<float>{0.0F, 0.07F, 0.13F, 0.25F}), 0.8F, 0.85F), 0.2F);
    for (int i = 0; i < 4; ++i) {
      const float a = 1.7F * static_cast<float>(i), q = i == 3 ? 0.0F : 0.4F * r;
      o.mesh.ball({q * std::cos(a), r + q * std::sin(a), h + (i == 3 ? 0.05F : 0.012F)},
                  {0.04F, 0.04F, 0.038F}, 8, fruit);
    }
  }
  return o;
}

Object plate(Style& s, Rng& rng) {
  Object o{"plate", Label::background, {}};
  const float r = rng.range(0.11F, 0.14F);
  o.mesh.lathe({0, r, 0}, {{0.6F * r, 0}, {r, 0.02F}, {0.62F * r, 0.008F}, {0.0F, 0.008F}}, 18, s.ceramic);
  return o;
}

Object mug(Style& s, Rng& rng) {
  Object o{"mug", Label::background, {}};
  const int glaze = s.paint(hsv(rng.uniform(), rng.range(0.1F, 0.8F), 0.85F), 0.4F, 80.0F);
  o.mesh.lathe({0, 0.045F, 0},
               {{0, 0}, {0.04F, 0}, {0.042F, 0.09F}, {0.037F, 0.09F}, {0.036F, 0.02F}, {0, 0.02F}}, 12,
               glaze);
  o.mesh.rod({0.04F, 0.045F, 0.07F}, {0.065F, 0.045F, 0.05F}, 0.006F, 0.006F, 5, glaze);
  o.mesh.rod({0.065F, 0.045F, 0.05F}, {0.04F, 0.045F, 0.02F}, 0.006F, 0.006F, 5, glaze);
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

Object floor_lamp(Style& s, Rng& rng) {
  Object o{"floor lamp", Label::background, {}};
  const float h = rng.range(1.4F, 1.7F), r = rng.range(0.16F, 0.22F), y = r;
  o.mesh.cylinder({0, y, 0}, 0.14F, 0.02F, 14, s.dark_metal);
  o.mesh.rod({0, y, 0.02F}, {0, y, h - 0.15F}, 0.012F, 0.012F, 6, s.dark_metal);
  o.mesh.lathe({0, y, h - 0.26F}, {{r, 0}, {0.7F * r, 0.26F}}, 16, s.lampshade);
  o.mesh.glows.push_back({{0, y, h - 0.13F}, r + 0.01F, Vec3{1.0F, 0.8F, 0.55F} * rng.range(0.35F, 0.7F)});
  return o;
}

Object table_lamp(Style& s, Rng& rng) {
  Object o{"table lamp", Label::background, {}};
  const float h = rng.range(0.34F, 0.5F), r = rng.range(0.1F, 0.14F), y = r;
  const int foot = rng.chance(0.5F) ? s.ceramic : rng.chance(0.5F) ? s.wood : s.dark_metal;
  o.mesh.smooth_lathe({0, y, 0}, {{0.06F, 0}, {0.065F, 0.05F}, {0.04F, 0.13F}, {0.012F, 0.6F * h}}, 12, 6,
                      foot);
  o.mesh.lathe({0, y, 0.55F * h}, {{r, 0}, {0.65F * r, 0.45F * h}}, 16, s.lampshade);
  o.mesh.glows.push_back({{0, y, 0.78F * h}, r + 0.01F, Vec3{1.0F, 0.8F, 0.55F} * rng.range(0.15F, 0.35F)});
  return o;
}

Object pendant_lamp(Style& s, Rng& rng, float drop) {
  Object o{"pendant lamp", Label::background, {}};
  const float r = rng.range(0.16F, 0.26F);
  o.mesh.rod({0, 0, -drop + 0.2F}, {0, 0, 0}, 0.006F, 0.006F, 4, s.dark_metal);
  const bool ball = rng.chance(0.3F);
  if (ball)
    o.mesh.ball({0, 0, -drop + 0.1F}, {0.15F, 0.15F, 0.15F}, 14, s.lampshade);
  else
    o.mesh.smooth_lathe({0, 0, -drop}, {{r, 0}, {0.85F * r, 0.1F}, {0.35F * r, 0.18F}, {0.02F, 0.21F}}, 18, 6,
                        rng.chance(0.5F)   ? s.lampshade
                        : rng.chance(0.5F) ? s.dark_metal
                                           : s.fabric_second);
  if (!ball) o.mesh.ball({0, 0, -drop + 0.07F}, {0.045F, 0.045F, 0.05F}, 8, s.bulb);
  o.mesh.glows.push_back({{0, 0, -drop + (ball ? 0.1F : -0.02F)},
                          ball ? 0.17F : 0.1F,
                          Vec3{1.0F, 0.87F, 0.68F} * rng.range(0.9F, 1.5F)});
  return o;
}

Object ceiling_disc(Style& s, Rng& rng) {
  Object o{"ceiling lamp", Label::background, {}};
  const float r = rng.range(0.15F, 0.24F);
  o.mesh.lathe({0, 0, -0.09F}, {{0, 0}, {0.8F * r, 0.0F}, {r, 0.03F}, {r, 0.09F}}, 20, s.bulb);
  o.mesh.glows.push_back({{0, 0, -0.12F}, 0.6F * r, Vec3{1.0F, 0.92F, 0.8F} * rng.range(1.0F, 1.7F)});
  return o;
}

Object ceiling_panel(Style& s, Rng& rng, float width, float depth) {
  Object o{"ceiling panel", Label::background, {}};
  const float x = 0.5F * width, y = 0.5F * depth;
  o.mesh.box({-x, -y, -0.05F}, {x, y, 0}, s.trim);
  o.mesh.quad({-x + 0.02F, y - 0.02F, -0.051F}, {width - 0.04F, 0, 0}, {0, -depth + 0.04F, 0}, s.bulb);
  o.mesh.glows.push_back(
      {{0, 0, -0.08F}, 0.5F * std::sqrt(width * depth), Vec3{0.95F, 0.97F, 1.0F} * rng.range(1.2F, 2.0F)});
  return o;
}

}  // namespace taskonomy::scenes
