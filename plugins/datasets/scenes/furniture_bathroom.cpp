// Sanitary ware and what surrounds it.
#include "furniture.hpp"

namespace taskonomy::scenes {
namespace {

void basin_tap(Mesh& m, Vec3 foot, int material) {
  m.rod(foot, foot + Vec3{0, 0, 0.12F}, 0.016F, 0.014F, 7, material);
  m.rod(foot + Vec3{0, 0, 0.11F}, foot + Vec3{0, 0.11F, 0.1F}, 0.012F, 0.01F, 6, material);
}

/// An oval bowl, outside and inside, with its rim at `top`.
void oval_bowl(Mesh& m, Vec3 centre, float rx, float ry, float deep, float narrow, int material) {
  const auto ring = [=](double u, double r) {
    const double a = 2 * M_PI * u;
    return Point{centre.x + rx * r * std::cos(a), centre.y + ry * r * std::sin(a), 0};
  };
  m.surface(
      [=](double u, double v) {  // outside
        Point p = ring(u, narrow + (1 - narrow) * std::sin(0.5 * M_PI * v));
        p.z = centre.z - deep * (1 - v);
        return p;
      },
      18, 5, material, {1.0F, deep});
  m.surface(
      [=](double u, double v) {  // rim
        Point p = ring(u, 1 - 0.14 * v);
        p.z = centre.z;
        return p;
      },
      18, 1, material, {1.0F, 0.04F});
  m.surface(
      [=](double u, double v) {  // inside, curving down to the drain
        Point p = ring(u, 0.86 * std::cos(0.5 * M_PI * v));
        p.z = centre.z - 0.75 * deep * std::sin(0.5 * M_PI * v);
        return p;
      },
      18, 5, material, {1.0F, deep});
}

}  // namespace

Object toilet(Style& s, Rng& rng) {
  Object o{"toilet", Label::toilet, {}};
  const float seat = rng.range(0.39F, 0.43F), y = 0.43F;
  o.mesh.rounded_box({-0.19F, 0, seat - 0.02F}, {0.19F, 0.18F, seat + 0.36F}, 0.03F, s.ceramic);
  o.mesh.rounded_box({-0.2F, 0, seat + 0.362F}, {0.2F, 0.19F, seat + 0.395F}, 0.012F, s.ceramic);
  o.mesh.box({-0.025F, 0.07F, seat + 0.396F}, {0.025F, 0.12F, seat + 0.402F}, s.metal);
  o.mesh.surface(
      [=](double u, double v) {  // foot, widening into the bowl
        const double a = 2 * M_PI * u, r = 0.62 + 0.38 * v * v;
        return Point{0.185 * r * std::cos(a),
                     y + 0.255 * (0.75 + 0.25 * v * v) * std::sin(a) - 0.04 * (1 - v), (seat - 0.03) * v};
      },
      20, 6, s.ceramic, {1.0F, seat});
  const bool open = rng.chance(0.35F);
  const auto oval = [&o, y](float z, float thick, float rx, float ry, int material) {
    o.mesh.surface(
        [=](double u, double v) {
          const double a = 2 * M_PI * u;
          return Point{rx * std::cos(a), y + ry * std::sin(a), z + thick * v};
        },
        20, 1, material, {1.0F, thick});
    o.mesh.surface(
        [=](double u, double v) {
          const double a = 2 * M_PI * u, r = 1 - v;
          return Point{rx * r * std::cos(a), y + ry * r * std::sin(a), z + thick};
        },
        20, 1, material, {1.0F, 0.2F});
  };
  const int lid = rng.chance(0.75F) ? s.ceramic : s.wood;
  oval(seat - 0.03F, 0.03F, 0.185F, 0.255F, lid);
  if (open) {
    oval(seat + 0.001F, 0.002F, 0.12F, 0.18F, s.dark_metal);
    o.mesh.rounded_box({-0.18F, 0.2F, seat + 0.03F}, {0.18F, 0.225F, seat + 0.38F}, 0.011F, lid);
  } else {
    oval(seat + 0.001F, 0.022F, 0.18F, 0.25F, lid);
  }
  return o;
}

Object washbasin(Style& s, Rng& rng) {
  Object o{"washbasin", Label::sink, {}};
  const float top = rng.range(0.82F, 0.88F), rx = rng.range(0.24F, 0.3F);
  oval_bowl(o.mesh, {0, 0.26F, top}, rx, 0.21F, 0.17F, 0.45F, s.ceramic);
  o.mesh.rounded_box({-0.2F, 0, top - 0.1F}, {0.2F, 0.1F, top + 0.01F}, 0.02F, s.ceramic);
  if (rng.chance(0.75F))
    o.mesh.smooth_lathe({0, 0.2F, 0}, {{0.11F, 0}, {0.085F, 0.1F}, {0.075F, 0.4F}, {0.11F, top - 0.16F}}, 12,
                        6, s.ceramic);
  basin_tap(o.mesh, {0, 0.06F, top + 0.01F}, s.metal);
  return o;
}

Object vanity(Style& s, Rng& rng, float width) {
  Object o{"vanity", Label::background, {}};
  const float x = 0.5F * width, d = 0.48F, h = rng.range(0.74F, 0.8F);
  o.mesh.box({-x, 0, 0.12F}, {x, d, h - 0.03F}, s.front);
  o.mesh.box({-x + 0.03F, 0.03F, 0}, {x - 0.03F, d - 0.05F, 0.12F}, s.dark_metal);
  o.mesh.box({-x - 0.01F, 0, h - 0.03F}, {x + 0.01F, d + 0.02F, h}, s.counter);
  for (const float px : {-x, 0.0F}) {
    o.mesh.box({px + 0.006F, d, 0.14F}, {px + x - 0.006F, d + 0.016F, h - 0.05F}, s.front);
    o.mesh.box({px + 0.5F * x - 0.06F, d + 0.016F, h - 0.14F},
               {px + 0.5F * x + 0.06F, d + 0.035F, h - 0.125F}, s.metal);
  }
  o.mesh.supports.push_back({-x + 0.02F, 0.02F, x - 0.02F, d - 0.02F, h, 0.5F});
  return o;
}

Object vanity_basin(Style& s, Rng& rng) {
  Object o{"basin", Label::sink, {}};
  const float rx = rng.range(0.2F, 0.25F);
  oval_bowl(o.mesh, {0, 0.26F, 0.14F}, rx, 0.17F, 0.14F, 0.55F, s.ceramic);
  basin_tap(o.mesh, {0, 0.05F, 0}, s.metal);
  return o;
}

Object bathtub(Style& s, Rng& rng, float width) {
  Object o{"bathtub", Label::background, {}};
  const float x = 0.5F * width, d = rng.range(0.7F, 0.78F), h = rng.range(0.5F, 0.58F), rim = 0.06F;
  o.mesh.box({-x, 0, 0}, {x, rim, h}, s.ceramic);
  o.mesh.box({-x, d - rim, 0}, {x, d, h}, rng.chance(0.5F) ? s.ceramic : s.wet_wall);
  o.mesh.box({-x, rim, 0}, {-x + rim, d - rim, h}, s.ceramic);
  o.mesh.box({x - rim, rim, 0}, {x, d - rim, h}, s.ceramic);
  o.mesh.box({-x, d - rim - 0.01F, h}, {x, d + 0.01F, h + 0.02F}, s.ceramic);
  o.mesh.surface(
      [=](double u, double v) {  // the hollow
        const double a = 2 * u - 1, b = 2 * v - 1, edge = (1 - std::pow(a, 8)) * (1 - std::pow(b, 6));
        return Point{(x - rim) * a, 0.5 * d + (0.5 * d - rim) * b, h - 0.002 - 0.38 * edge};
      },
      14, 10, s.ceramic, {width, d});
  const float side = rng.chance(0.5F) ? 1.0F : -1.0F, tx = side * (x - 0.03F);
  o.mesh.rod({tx, 0.5F * d, h}, {tx, 0.5F * d, h + 0.12F}, 0.018F, 0.016F, 7, s.metal);
  o.mesh.rod({tx, 0.5F * d, h + 0.11F}, {tx - side * 0.14F, 0.5F * d, h + 0.1F}, 0.014F, 0.012F, 6, s.metal);
  return o;
}

Object shower(Style& s, Rng& rng) {
  Object o{"shower", Label::background, {}};
  const float w = rng.range(0.8F, 0.95F), x = 0.5F * w, d = w;
  o.mesh.box({-x, 0, 0}, {x, d, 0.12F}, s.ceramic);
  o.mesh.cylinder({0, 0.5F * d, 0.12F}, 0.05F, 0.004F, 10, s.metal);
  o.mesh.rod({0.2F, 0.03F, 1.0F}, {0.2F, 0.03F, 2.02F}, 0.012F, 0.012F, 6, s.metal);
  o.mesh.rod({0.2F, 0.03F, 2.02F}, {0.2F, 0.28F, 2.02F}, 0.012F, 0.012F, 6, s.metal);
  o.mesh.lathe({0.2F, 0.28F, 1.95F}, {{0.1F, 0}, {0.1F, 0.015F}, {0.02F, 0.05F}, {0.012F, 0.07F}}, 12,
               s.metal);
  o.mesh.box({0.14F, 0.0F, 1.05F}, {0.26F, 0.05F, 1.1F}, s.metal);
  // A curtain on a rail, gathered to one side.
  o.mesh.rod({-x, d - 0.02F, 2.0F}, {x, d - 0.02F, 2.0F}, 0.011F, 0.011F, 6, s.metal);
  const float open = rng.range(0.35F, 0.75F) * w, folds = 14.0F;
  o.mesh.surface(
      [=](double u, double v) {
        return Point{x - open * u, d - 0.03 + 0.03 * std::sin(folds * M_PI * u), 0.16 + 1.82 * v};
      },
      40, 1, s.curtain, {1.2F, 1.8F});
  return o;
}

Object mirror_cabinet(Style& s, Rng& rng, float width) {
  Object o{"mirror cabinet", Label::background, {}};
  const float x = 0.5F * width, h = rng.range(0.6F, 0.75F);
  Material glass;
  glass.a = hsv(0.55F, 0.06F, 0.8F);
  glass.specular = 1.0F;
  glass.gloss = 400.0F;
  glass.pattern = Pattern::brushed;
  const int face = s.add(glass);
  o.mesh.box({-x, 0, 0}, {x, 0.13F, h}, s.front);
  for (const float px : {-x, 0.0F})
    o.mesh.box({px + 0.01F, 0.13F, 0.01F}, {px + x - 0.01F, 0.142F, h - 0.01F}, face);
  return o;
}

Object towel_rail(Style& s, Rng& rng) {
  Object o{"towel rail", Label::background, {}};
  const float x = rng.range(0.25F, 0.35F), drop = rng.range(0.35F, 0.6F), phase = rng.range(0.0F, 6.0F),
              half = 0.7F * x;
  for (const float px : {-x, x})
    o.mesh.rod({px, 0, drop + 0.02F}, {px, 0.06F, drop + 0.02F}, 0.01F, 0.01F, 6, s.metal);
  o.mesh.rod({-x, 0.06F, drop + 0.02F}, {x, 0.06F, drop + 0.02F}, 0.01F, 0.01F, 6, s.metal);
  o.mesh.surface(
      [=](double u, double v) {
        return Point{half - 2 * half * u, 0.08 + 0.008 * std::sin(9 * u + phase), drop * v};
      },
      10, 1, s.fabric_second, {2 * half, drop});
  o.mesh.surface(
      [=](double u, double v) {
        const double a = M_PI * v;
        return Point{half - 2 * half * u, 0.06 + 0.02 * std::cos(a), drop + 0.02 * std::sin(a)};
      },
      1, 5, s.fabric_second, {2 * half, 0.06F});
  return o;
}

Object washing_machine(Style& s, Rng& rng) {
  Object o{"washing machine", Label::background, {}};
  const float h = rng.range(0.83F, 0.87F), d = rng.range(0.52F, 0.58F);
  o.mesh.rounded_box({-0.295F, 0, 0}, {0.295F, d, h}, 0.015F, s.appliance);
  o.mesh.surface(
      [=](double u, double v) {  // the door's ring
        const double a = -2 * M_PI * u, b = M_PI * v;
        return Point{(0.17 + 0.03 * std::cos(b)) * std::cos(a), d + 0.03 * std::sin(b),
                     0.42 + (0.17 + 0.03 * std::cos(b)) * std::sin(a)};
      },
      24, 4, s.metal, {1.0F, 0.1F});
  o.mesh.surface(
      [=](double u, double v) {  // bulging glass
        const double a = -2 * M_PI * u, r = 0.142 * (1 - v);
        return Point{r * std::cos(a), d + 0.03 * (1 - r * r / 0.0202), 0.42 + r * std::sin(a)};
      },
      20, 4, s.black_glass, {1.0F, 0.14F});
  o.mesh.box({-0.28F, d, h - 0.12F}, {-0.1F, d + 0.006F, h - 0.03F}, s.plastic);
  o.mesh.rod({0.05F, d, h - 0.075F}, {0.05F, d + 0.03F, h - 0.075F}, 0.035F, 0.03F, 12, s.metal);
  o.mesh.box({0.13F, d, h - 0.1F}, {0.25F, d + 0.005F, h - 0.05F}, s.black_glass);
  o.mesh.supports.push_back({-0.25F, 0.03F, 0.25F, d - 0.03F, h, 0.5F});
  return o;
}

Object paper_holder(Style& s, Rng& rng) {
  Object o{"paper holder", Label::background, {}};
  const float r = rng.range(0.05F, 0.06F);
  o.mesh.rod({-0.05F, 0.065F, 0.06F}, {0.05F, 0.065F, 0.06F}, r, r, 14, s.paper);
  for (const float side : {-1.0F, 1.0F})
    o.mesh.box({side * 0.058F - 0.005F, 0, 0.05F}, {side * 0.058F + 0.005F, 0.07F, 0.07F}, s.metal);
  return o;
}

}  // namespace taskonomy::scenes
