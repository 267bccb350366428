// Small labelled things: bottles, vases, plants, books, clocks, screens; and pictures, curtains, rugs; and
// every lamp.
#include "furniture.hpp"

namespace taskonomy::scenes {

Object bottle(Style& s, Rng& rng) {
  Object o{"bottle", Label::bottle, {}};
  const float r = rng.range(0.032F, 0.045F), h = rng.range(0.22F, 0.34F), body = h * rng.range(0.5F, 0.66F),
              y = r;
  static const std::vector<unsigned> glass = {0x1F5A33, 0x5A2E14, 0x2A5F8A, 0xD8D8C8,
                                              0xC23B2E, 0x3A8A5A, 0xE0A030};
  const int material = s.paint(srgb(rng.pick(glass)), 0.7F, 120.0F);
  o.mesh.lathe({0, y, 0}, {{0, 0}, {r, 0}, {r, body}}, 12, material);
  o.mesh.smooth_lathe({0, y, body},
                      {{r, 0}, {0.9F * r, 0.12F * h}, {0.4F * r, 0.2F * h}, {0.36F * r, h - body}}, 12, 5,
                      material);
  o.mesh.cylinder({0, y, h}, 0.4F * r, 0.015F, 8, s.plastic);
  o.mesh.lathe({0, y, 0.25F * body}, {{r + 0.001F, 0}, {r + 0.001F, 0.5F * body}}, 12,
               rng.chance(0.7F) ? s.paper : s.paint(hsv(rng.uniform(), 0.7F, 0.8F)));
  return o;
}

Object vase(Style& s, Rng& rng) {
  Object o{"vase", Label::vase, {}};
  const float h = rng.range(0.18F, 0.38F), r = rng.range(0.06F, 0.1F), neck = rng.range(0.35F, 0.75F), y = r;
  Material m;
  m.a = hsv(rng.uniform(), rng.range(0.1F, 0.8F), rng.range(0.3F, 0.95F));
  m.b = hsv(rng.uniform(), 0.5F, 0.9F);
  m.pattern = rng.chance(0.3F) ? Pattern::dots : rng.chance(0.2F) ? Pattern::marble : Pattern::plain;
  m.size_u = m.size_v = 0.05F;
  m.specular = 0.5F;
  m.gloss = 90.0F;
  const float belly = rng.range(0.25F, 0.65F);
  o.mesh.smooth_lathe({0, y, 0},
                      {{0.55F * r, 0}, {r, belly * h}, {neck * r, 0.85F * h}, {(neck + 0.12F) * r, h}}, 16,
                      10, s.add(m));
  if (rng.chance(0.55F)) {  // flowers
    const int stem = s.paint(hsv(0.3F, 0.6F, 0.4F), 0.0F),
              petal = s.paint(hsv(rng.uniform(), 0.75F, 0.95F), 0.05F);
    const int count = 3 + rng.below(4);
    for (int i = 0; i < count; ++i) {
      const float a = 2.4F * static_cast<float>(i), lean = rng.range(0.02F, 0.09F),
                  tall = h + rng.range(0.1F, 0.25F);
      const Vec3 head{lean * std::cos(a), y + lean * std::sin(a), tall};
      o.mesh.rod({0, y, 0.7F * h}, head, 0.004F, 0.003F, 4, stem);
      const float bloom = rng.range(0.025F, 0.04F);
      o.mesh.ball(head, {bloom, bloom, 0.7F * bloom}, 8, petal);
    }
  }
  return o;
}

Object potted_plant(Style& s, Rng& rng, float height) {
  Object o{"potted plant", Label::potted_plant, {}};
  const float r = std::max(0.06F, height * rng.range(0.13F, 0.17F)), ph = r * rng.range(1.4F, 1.9F),
              y = 2.2F * r;
  const int clay =
      rng.chance(0.4F)
          ? s.paint(srgb(0xB5643C), 0.05F)
          : s.paint(hsv(rng.uniform(), rng.range(0.0F, 0.5F), rng.range(0.3F, 0.95F)), 0.3F, 60.0F);
  o.mesh.lathe({0, y, 0}, {{0, 0}, {0.72F * r, 0}, {r, ph}, {0.88F * r, ph}, {0.86F * r, 0.88F * ph}}, 16,
               clay);
  o.mesh.lathe({0, y, 0.88F * ph}, {{0.86F * r, 0}, {0, 0}}, 12, s.soil);
  Material green;
  green.pattern = Pattern::leaf;
  green.a = hsv(rng.range(0.24F, 0.4F), rng.range(0.5F, 0.8F), rng.range(0.3F, 0.6F));
  green.b = green.a * 1.6F;
  green.specular = 0.2F;
  const int leaf = s.add(green);
  const int leaves = 12 + rng.below(10);
  const float width = height * rng.range(0.035F, 0.08F), droop = rng.range(0.2F, 1.0F),
              spread = rng.range(0.2F, 0.38F);
  for (int i = 0; i < leaves; ++i) {
    const float a = 2.39996F * static_cast<float>(i),
                rise = static_cast<float>(i) / static_cast<float>(leaves);
    const float reach = height * spread * (1.2F - 0.7F * rise) * rng.range(0.7F, 1.1F);
    const float tip = mix(0.55F, 1.0F, rise) * (height - ph);
    const double ca = std::cos(a), sa = std::sin(a), start = 0.85 * ph;
    o.mesh.surface(
        [=](double u, double v) {
          const double along = reach * u,
                       side = width * std::sin(M_PI * std::min(1.0, 0.12 + 0.88 * u)) * (2 * v - 1);
          const double up = start + tip * (std::sin(0.5 * M_PI * u * (1 + 0.5 * droop)) * 0.85 + 0.15 * u) +
                            0.25 * std::abs(side);
          return Point{ca * along - sa * side, y + sa * along + ca * side, up};
        },
        4, 2, leaf, {1.0F, 1.0F});
  }
  return o;
}

Object book_upright(Style& s, Rng& rng, float max_height) {
  Object o{"book", Label::book, {}};
  const float h = std::min(max_height, rng.range(0.19F, 0.3F)), t = rng.range(0.02F, 0.05F),
              d = std::min(0.7F * h, 0.2F);
  Material m;
  m.pattern = Pattern::spine;
  m.a = hsv(rng.uniform(), rng.range(0.1F, 0.7F), rng.range(0.2F, 0.75F));
  m.b = rng.chance(0.5F) ? srgb(0xE8D9A0) : hsv(rng.uniform(), 0.3F, 0.9F);
  m.specular = 0.1F;
  o.mesh.box({0, 0.0F, 0}, {t, d, h}, s.add(m));
  return o;
}

Object book_stack(Style& s, Rng& rng) {
  Object o{"books", Label::book, {}};
  const int count = 1 + rng.below(4);
  float z = 0;
  for (int i = 0; i < count; ++i) {
    const float w = rng.range(0.17F, 0.26F), d = rng.range(0.12F, 0.18F), t = rng.range(0.018F, 0.045F);
    const int cover = s.paint(hsv(rng.uniform(), rng.range(0.1F, 0.7F), rng.range(0.2F, 0.8F)), 0.1F);
    o.mesh.box({-0.5F * w + 0.004F, 0.1F - 0.5F * d + 0.004F, z + 0.002F},
               {0.5F * w - 0.004F, 0.1F + 0.5F * d - 0.002F, z + t - 0.002F}, s.paper);
    o.mesh.box({-0.5F * w, 0.1F - 0.5F * d, z + t - 0.003F}, {0.5F * w, 0.1F + 0.5F * d, z + t}, cover);
    o.mesh.box({-0.5F * w, 0.1F - 0.5F * d, z}, {0.5F * w, 0.1F + 0.5F * d, z + 0.003F}, cover);
    z += t;
  }
  return o;
}

Object wall_clock(Style& s, Rng& rng) {
  Object o{"clock", Label::clock, {}};
  const float r = rng.range(0.13F, 0.2F);
  const int rim = rng.chance(0.5F)   ? s.wood
                  : rng.chance(0.5F) ? s.dark_metal
                                     : s.paint(hsv(rng.uniform(), 0.7F, 0.7F));
  const auto ring = [&](float radius, float y0, float y1, int material) {
    o.mesh.rod({0, y0, r}, {0, y1, r}, radius, radius, 22, material);
  };
  ring(r, 0.0F, 0.04F, rim);
  const auto disc = [&](float inner, float outer, float y, int material) {
    o.mesh.surface(
        [=](double u, double v) {
          const double a = 2 * M_PI * u, q = inner + (outer - inner) * v;
          return Point{q * std::cos(a), y, r + q * std::sin(a)};
        },
        22, 1, material, {1.0F, outer});
  };
  disc(0.88F * r, r, 0.04F, rim);
  disc(0.0005F, 0.88F * r, 0.03F, s.paper);
  for (int i = 0; i < 12; ++i) {
    const float a = kPi * static_cast<float>(i) / 6.0F, c = std::cos(a), n = std::sin(a);
    o.mesh.rod({0.7F * r * c, 0.032F, r + 0.7F * r * n}, {0.82F * r * c, 0.032F, r + 0.82F * r * n}, 0.005F,
               0.005F, 4, s.dark_metal);
  }
  const float hour = rng.range(0.0F, 6.28F), minute = rng.range(0.0F, 6.28F);
  o.mesh.rod({0, 0.034F, r}, {0.45F * r * std::sin(hour), 0.034F, r + 0.45F * r * std::cos(hour)}, 0.008F,
             0.006F, 4, s.plastic);
  o.mesh.rod({0, 0.036F, r}, {0.68F * r * std::sin(minute), 0.036F, r + 0.68F * r * std::cos(minute)}, 0.006F,
             0.004F, 4, s.plastic);
  return o;
}

Object alarm_clock(Style& s, Rng& rng) {
  Object o{"alarm clock", Label::clock, {}};
  const int body = s.paint(hsv(rng.uniform(), rng.range(0.2F, 0.8F), rng.range(0.3F, 0.9F)), 0.4F, 60.0F);
  const float x = rng.range(0.06F, 0.09F), h = rng.range(0.08F, 0.11F);
  o.mesh.rounded_box({-x, 0, 0}, {x, 0.06F, h}, 0.015F, body);
  o.mesh.box({-x + 0.015F, 0.06F, 0.02F}, {x - 0.015F, 0.062F, h - 0.02F}, s.paper);
  o.mesh.rod({0, 0.064F, 0.5F * h}, {0.02F, 0.064F, 0.5F * h + 0.015F}, 0.003F, 0.003F, 4, s.plastic);
  o.mesh.rod({0, 0.064F, 0.5F * h}, {-0.01F, 0.064F, 0.5F * h + 0.025F}, 0.003F, 0.003F, 4, s.plastic);
  return o;
}

Object television(Style& s, Rng& rng, float width, bool standing) {
  Object o{"tv", Label::tv, {}};
  const float x = 0.5F * width, h = 0.575F * width, base = standing ? 0.06F : 0.0F;
  Material picture;
  picture.a = hsv(0.6F, 0.2F, 0.05F);
  picture.specular = 0.7F;
  picture.gloss = 200.0F;
  if (rng.chance(0.4F)) {
    picture.pattern = Pattern::screen;
    picture.a = hsv(rng.uniform(), 0.5F, 0.9F);
    picture.b = hsv(rng.uniform(), 0.6F, 0.5F);
    picture.c = hsv(rng.uniform(), 0.7F, 0.9F);
    picture.emission = 0.7F;
    picture.seed = static_cast<std::uint32_t>(rng.next());
  }
  const float y = standing ? 0.08F : 0.01F;
  o.mesh.box({-x, y, base}, {x, y + 0.045F, base + h}, s.plastic);
  o.mesh.quad({x - 0.015F, y + 0.046F, base + 0.02F}, {-width + 0.03F, 0, 0}, {0, 0, h - 0.035F},
              s.add(picture), true);
  if (standing) {
    o.mesh.box({-0.03F, y + 0.005F, 0.012F}, {0.03F, y + 0.035F, base}, s.plastic);
    o.mesh.box({-0.25F * width, 0, 0}, {0.25F * width, y + 0.12F, 0.012F}, s.plastic);
  }
  return o;
}

Object laptop(Style& s, Rng& rng) {
  Object o{"laptop", Label::background, {}};
  const int body = rng.chance(0.6F) ? s.metal : s.plastic;
  Material lit;
  lit.pattern = Pattern::screen;
  lit.a = hsv(0.58F, 0.4F, 0.9F);
  lit.b = hsv(rng.uniform(), 0.3F, 0.8F);
  lit.c = {0.9F, 0.9F, 0.9F};
  lit.emission = 0.7F;
  lit.seed = static_cast<std::uint32_t>(rng.next());
  o.mesh.box({-0.165F, 0.02F, 0}, {0.165F, 0.25F, 0.016F}, body);
  o.mesh.box({-0.14F, 0.05F, 0.0165F}, {0.14F, 0.15F, 0.018F}, s.plastic);
  o.mesh.box({-0.165F, 0, 0.018F}, {0.165F, 0.012F, 0.24F}, body);
  o.mesh.quad({0.155F, 0.0125F, 0.03F}, {-0.31F, 0, 0}, {0, 0, 0.2F}, s.add(lit), true);
  return o;
}

Object picture(Style& s, Rng& rng) {
  Object o{"picture", Label::background, {}};
  const float w = rng.range(0.3F, 0.95F), h = w * rng.range(0.65F, 1.4F), x = 0.5F * w,
              edge = rng.range(0.02F, 0.05F);
  Material art;
  art.pattern = Pattern::painting;
  art.a = hsv(rng.uniform(), rng.range(0.2F, 0.8F), rng.range(0.4F, 0.9F));
  art.b = hsv(rng.uniform(), rng.range(0.2F, 0.8F), rng.range(0.2F, 0.8F));
  art.c = hsv(rng.uniform(), rng.range(0.2F, 0.7F), rng.range(0.5F, 0.95F));
  art.seed = static_cast<std::uint32_t>(rng.next());
  const int frame = rng.chance(0.4F) ? s.wood : rng.chance(0.5F) ? s.dark_metal : s.trim;
  o.mesh.box({-x, 0, 0}, {x, 0.02F, edge}, frame);
  o.mesh.box({-x, 0, h - edge}, {x, 0.02F, h}, frame);
  o.mesh.box({-x, 0, edge}, {-x + edge, 0.02F, h - edge}, frame);
  o.mesh.box({x - edge, 0, edge}, {x, 0.02F, h - edge}, frame);
  const int art_id = s.add(art);
  if (rng.chance(0.5F)) {  // a paper mount
    o.mesh.quad({x - edge, 0.008F, edge}, {-w + 2 * edge, 0, 0}, {0, 0, h - 2 * edge}, s.paper);
    const float in = edge + 0.12F * w;
    o.mesh.quad({x - in, 0.009F, in}, {-w + 2 * in, 0, 0}, {0, 0, h - 2 * in}, art_id, true);
  } else {
    o.mesh.quad({x - edge, 0.008F, edge}, {-w + 2 * edge, 0, 0}, {0, 0, h - 2 * edge}, art_id, true);
  }
  return o;
}

Object curtain(Style& s, Rng& rng, float width, float height) {
  Object o{"curtain", Label::background, {}};
  const double folds = std::max(2.0F, std::round(width / rng.range(0.1F, 0.14F))), x = 0.5 * width;
  o.mesh.surface(
      [=](double u, double v) {
        const double depth = 0.028 * (1.1 - 0.4 * v);
        return Point{x - width * u, 0.05 + depth * std::sin(2 * M_PI * folds * u), height * v};
      },
      static_cast<int>(folds) * 6, 1, s.curtain, {1.6F * width, height});
  return o;
}

Object floor_rug(Style& s, Rng& rng, float width, float depth) {
  Object o{"rug", Label::background, {}};
  const float x = 0.5F * width, t = 0.008F;
  (void)rng;
  o.mesh.quad({-x, 0, t}, {width, 0, 0}, {0, depth, 0}, s.rug, true);
  o.mesh.quad({-x, depth, 0}, {0, -depth, 0}, {0, 0, t}, s.rug);
  o.mesh.quad({x, 0, 0}, {0, depth, 0}, {0, 0, t}, s.rug);
  o.mesh.quad({-x, 0, 0}, {width, 0, 0}, {0, 0, t}, s.rug);
  o.mesh.quad({x, depth, 0}, {-width, 0, 0}, {0, 0, t}, s.rug);
  return o;  // no hull: furniture stands on a rug
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
