// Kitchen units 0.6 m deep under a continuous worktop at 0.9 m, and kitchen machines; tableware.
#include "furniture.hpp"

namespace taskonomy::scenes {
namespace {

constexpr float kDepth = 0.58F, kTop = 0.9F, kSlab = 0.035F;

void door_front(Mesh& m, float x0, float x1, float z0, float z1, float y, bool hinge_left, Style& s) {
  m.box({x0 + 0.004F, y, z0 + 0.004F}, {x1 - 0.004F, y + 0.018F, z1 - 0.004F}, s.front);
  const float hx = hinge_left ? x1 - 0.045F : x0 + 0.045F, hz = z1 > 1.2F ? z0 + 0.05F : z1 - 0.2F;
  m.box({hx - 0.007F, y + 0.018F, hz}, {hx + 0.007F, y + 0.045F, hz + 0.14F}, s.metal);
}

void carcass_front(Mesh& m, float width, Style& s, Rng& rng, bool drawers) {
  const float x = 0.5F * width;
  m.box({-x, 0.06F, 0}, {x, kDepth - 0.07F, 0.1F}, s.dark_metal);
  if (drawers) {
    for (int i = 0; i < 3; ++i) {
      const float z = 0.1F + 0.255F * static_cast<float>(i);
      m.box({-x + 0.004F, kDepth - 0.02F, z + 0.004F}, {x - 0.004F, kDepth, z + 0.251F}, s.front);
      m.box({-0.3F * width, kDepth, z + 0.19F}, {0.3F * width, kDepth + 0.025F, z + 0.205F}, s.metal);
    }
    return;
  }
  const int doors = width > 0.65F ? 2 : 1;
  const bool left = rng.chance(0.5F);
  for (int i = 0; i < doors; ++i) {
    const float step = width / static_cast<float>(doors), px = -x + step * static_cast<float>(i);
    door_front(m, px, px + step, 0.1F, kTop - kSlab, kDepth - 0.02F, doors == 2 ? i == 0 : left, s);
  }
}

void tap(Mesh& m, Vec3 foot, float height, float reach, int material) {
  m.cylinder(foot, 0.025F, 0.03F, 8, material);
  m.rod(foot, foot + Vec3{0, 0, height}, 0.013F, 0.013F, 6, material);
  m.rod(foot + Vec3{0, 0, height}, foot + Vec3{0, reach, height + 0.02F}, 0.012F, 0.012F, 6, material);
  m.rod(foot + Vec3{0, reach, height + 0.02F}, foot + Vec3{0, reach, height - 0.05F}, 0.012F, 0.012F, 6,
        material);
}

}  // namespace

Object base_cabinet(Style& s, Rng& rng, float width) {
  Object o{"base cabinet", Label::background, {}};
  const float x = 0.5F * width;
  o.mesh.box({-x, 0, 0.1F}, {x, kDepth - 0.02F, kTop - kSlab}, s.front);
  carcass_front(o.mesh, width, s, rng, rng.chance(0.4F));
  o.mesh.box({-x, 0, kTop - kSlab}, {x, kDepth + 0.02F, kTop}, s.counter);
  o.mesh.supports.push_back({-x + 0.02F, 0.03F, x - 0.02F, kDepth - 0.05F, kTop, 0.42F});
  return o;
}

Object sink_cabinet(Style& s, Rng& rng, float width) {
  Object o{"sink cabinet", Label::background, {}};
  const float x = 0.5F * width, bx = x - 0.1F;
  o.mesh.box({-x, 0, 0.1F}, {-x + 0.02F, kDepth - 0.02F, kTop - kSlab}, s.front);
  o.mesh.box({x - 0.02F, 0, 0.1F}, {x, kDepth - 0.02F, kTop - kSlab}, s.front);
  carcass_front(o.mesh, width, s, rng, false);
  o.mesh.box({-x, 0, kTop - kSlab}, {x, 0.13F, kTop}, s.counter);
  o.mesh.box({-x, kDepth - 0.09F, kTop - kSlab}, {x, kDepth + 0.02F, kTop}, s.counter);
  o.mesh.box({-x, 0.13F, kTop - kSlab}, {-bx, kDepth - 0.09F, kTop}, s.counter);
  o.mesh.box({bx, 0.13F, kTop - kSlab}, {x, kDepth - 0.09F, kTop}, s.counter);
  return o;
}

Object kitchen_sink(Style& s, Rng& rng, float width) {
  Object o{"sink", Label::sink, {}};
  const float bx = 0.5F * width - 0.1F, y0 = 0.13F, y1 = kDepth - 0.09F, deep = 0.16F, t = 0.008F;
  const int material = rng.chance(0.75F) ? s.metal : s.ceramic;
  const float in = 0.002F, z0 = kTop - deep, z1 = kTop - 0.001F;
  o.mesh.box({-bx + in, y0 + in, z0}, {bx - in, y1 - in, z0 + t}, material);
  o.mesh.box({-bx + in, y0 + in, z0 + t}, {-bx + in + t, y1 - in, z1}, material);
  o.mesh.box({bx - in - t, y0 + in, z0 + t}, {bx - in, y1 - in, z1}, material);
  o.mesh.box({-bx + in + t, y0 + in, z0 + t}, {bx - in - t, y0 + in + t, z1}, material);
  o.mesh.box({-bx + in + t, y1 - in - t, z0 + t}, {bx - in - t, y1 - in, z1}, material);
  const float rim = 0.025F, z = kTop + 0.001F;  // a flat rim that lies on the worktop
  o.mesh.box({-bx - rim, y0 - rim, z}, {bx + rim, y0 + t, z + 0.005F}, material);
  o.mesh.box({-bx - rim, y1 - t, z}, {bx + rim, y1 + rim, z + 0.005F}, material);
  o.mesh.box({-bx - rim, y0 + t, z}, {-bx + t, y1 - t, z + 0.005F}, material);
  o.mesh.box({bx - t, y0 + t, z}, {bx + rim, y1 - t, z + 0.005F}, material);
  tap(o.mesh, {0, 0.07F, z}, rng.range(0.2F, 0.3F), 0.17F, s.metal);
  return o;
}

Object wall_cabinet(Style& s, Rng& rng, float width, float height) {
  Object o{"wall cabinet", Label::background, {}};
  const float x = 0.5F * width, d = 0.33F;
  const bool left = rng.chance(0.5F);
  const int doors = width > 0.65F ? 2 : 1;
  o.mesh.box({-x, 0, 0}, {x, d, height}, s.front);
  for (int i = 0; i < doors; ++i) {
    const float step = width / static_cast<float>(doors), px = -x + step * static_cast<float>(i);
    o.mesh.box({px + 0.004F, d, 0.003F}, {px + step - 0.004F, d + 0.018F, height - 0.003F}, s.front);
    const float hx = (doors == 2 ? i == 0 : left) ? px + step - 0.04F : px + 0.04F;
    o.mesh.box({hx - 0.007F, d + 0.018F, 0.04F}, {hx + 0.007F, d + 0.04F, 0.17F}, s.metal);
  }
  return o;
}

Object backsplash(Style& s, float width, float height) {
  Object o{"backsplash", Label::background, {}};
  o.mesh.box({-0.5F * width, 0, 0}, {0.5F * width, 0.008F, height}, s.backsplash);
  return o;
}

Object range_hood(Style& s, Rng& rng) {
  Object o{"range hood", Label::background, {}};
  const int steel = rng.chance(0.7F) ? s.metal : s.dark_metal;
  o.mesh.box({-0.3F, 0, 0}, {0.3F, 0.5F, 0.06F}, steel);
  o.mesh.box({-0.13F, 0, 0.06F}, {0.13F, 0.26F, 0.7F}, steel);
  return o;
}

Object oven(Style& s, Rng& rng) {
  Object o{"oven", Label::oven, {}};
  const float x = 0.298F;
  const int body = rng.chance(0.5F) ? s.appliance : s.metal;
  o.mesh.box({-x, 0, 0.0F}, {x, kDepth, kTop - 0.012F}, body);
  o.mesh.box({-x, 0, kTop - 0.012F}, {x, kDepth + 0.02F, kTop}, s.black_glass);
  o.mesh.box({-x + 0.01F, kDepth, 0.16F}, {x - 0.01F, kDepth + 0.02F, 0.73F}, body);
  o.mesh.box({-x + 0.06F, kDepth + 0.02F, 0.26F}, {x - 0.06F, kDepth + 0.024F, 0.62F}, s.black_glass);
  o.mesh.box({-x + 0.05F, kDepth + 0.035F, 0.67F}, {x - 0.05F, kDepth + 0.055F, 0.69F}, s.metal);
  o.mesh.box({-x + 0.01F, kDepth, 0.02F}, {x - 0.01F, kDepth + 0.018F, 0.15F}, body);
  for (int i = 0; i < 5; ++i) {
    const float px = -0.22F + 0.11F * static_cast<float>(i);
    o.mesh.rod({px, kDepth, 0.81F}, {px, kDepth + 0.03F, 0.81F}, 0.022F, 0.018F, 8, s.dark_metal);
    o.mesh.quad({px + 0.012F, kDepth + 0.03F, 0.798F}, {-0.024F, 0, 0}, {0, 0, 0.024F}, s.metal);
  }
  for (const float px : {-0.14F, 0.14F})
    for (const float py : {0.17F, 0.42F})
      o.mesh.cylinder({px, py, kTop}, px * (py - 0.3F) > 0 ? 0.1F : 0.075F, 0.006F, 14, s.dark_metal);
  o.mesh.supports.push_back({-0.23F, 0.08F, 0.23F, 0.5F, kTop + 0.006F, 0.4F});
  return o;
}

Object refrigerator(Style& s, Rng& rng) {
  Object o{"refrigerator", Label::refrigerator, {}};
  const float w = rng.range(0.58F, 0.72F), h = rng.range(1.55F, 1.9F), d = rng.range(0.58F, 0.64F),
              x = 0.5F * w;
  const float split = rng.chance(0.5F) ? 0.62F * h : 0.34F * h;
  const float hx = rng.chance(0.5F) ? x - 0.06F : -x + 0.06F;
  o.mesh.box({-x, 0, 0.04F}, {x, d, h}, s.appliance);
  o.mesh.box({-x + 0.03F, 0.03F, 0}, {x - 0.03F, d - 0.03F, 0.04F}, s.dark_metal);
  o.mesh.rounded_box({-x, d + 0.008F, 0.05F}, {x, d + 0.07F, split - 0.006F}, 0.015F, s.appliance);
  o.mesh.rounded_box({-x, d + 0.008F, split + 0.006F}, {x, d + 0.07F, h}, 0.015F, s.appliance);
  const int handle = rng.chance(0.5F) ? s.metal : s.dark_metal;
  o.mesh.box({hx - 0.012F, d + 0.072F, split + 0.05F},
             {hx + 0.012F, d + 0.11F, std::min(h - 0.05F, split + 0.5F)}, handle);
  o.mesh.box({hx - 0.012F, d + 0.072F, std::max(0.1F, split - 0.45F)},
             {hx + 0.012F, d + 0.11F, split - 0.05F}, handle);
  return o;
}

Object microwave(Style& s, Rng& rng) {
  Object o{"microwave", Label::microwave, {}};
  const float w = rng.range(0.45F, 0.52F), h = rng.range(0.26F, 0.31F), d = rng.range(0.32F, 0.38F),
              x = 0.5F * w;
  const int body = rng.chance(0.5F) ? s.appliance : s.metal;
  o.mesh.box({-x, 0, 0.01F}, {x, d, h}, body);
  o.mesh.box({-x + 0.12F, d, 0.03F}, {x - 0.02F, d + 0.008F, h - 0.02F},
             s.black_glass);  // the door seen from the front: left
  o.mesh.box({-x + 0.11F, d + 0.01F, 0.04F}, {-x + 0.125F, d + 0.035F, h - 0.03F}, s.metal);
  Material display;
  display.a = {0.1F, 0.8F, 0.5F};
  display.emission = 0.5F;
  o.mesh.box({-x + 0.02F, d, h - 0.07F}, {-x + 0.09F, d + 0.004F, h - 0.03F}, s.add(display));
  for (int r = 0; r < 3; ++r)
    for (int c = 0; c < 2; ++c) {
      const float px = -x + 0.022F + 0.036F * static_cast<float>(c),
                  z = 0.04F + 0.045F * static_cast<float>(r);
      o.mesh.box({px, d, z}, {px + 0.028F, d + 0.006F, z + 0.03F}, s.plastic);
    }
  return o;
}

Object toaster(Style& s, Rng& rng) {
  Object o{"toaster", Label::toaster, {}};
  const float x = rng.range(0.13F, 0.16F), d = rng.range(0.16F, 0.2F), h = rng.range(0.18F, 0.21F);
  const int body = rng.chance(0.6F) ? s.metal : s.paint(hsv(rng.uniform(), 0.7F, 0.75F), 0.5F, 80.0F);
  o.mesh.box({-x + 0.01F, 0.01F, 0}, {x - 0.01F, d - 0.01F, 0.015F}, s.plastic);
  o.mesh.rounded_box({-x, 0, 0.015F}, {x, d, h}, 0.045F, body, 2);
  for (const float y : {0.3F * d, 0.62F * d})
    o.mesh.box({-x + 0.05F, y, h + 0.0005F}, {x - 0.05F, y + 0.028F, h + 0.0015F}, s.dark_metal);
  o.mesh.box({x, 0.5F * d - 0.015F, h - 0.08F}, {x + 0.02F, 0.5F * d + 0.015F, h - 0.06F}, s.plastic);
  return o;
}

Object kettle(Style& s, Rng& rng) {
  Object o{"kettle", Label::background, {}};
  const int body = rng.chance(0.5F) ? s.metal : s.plastic;
  o.mesh.lathe({0, 0.11F, 0},
               {{0, 0}, {0.085F, 0}, {0.09F, 0.05F}, {0.06F, 0.2F}, {0.02F, 0.215F}, {0, 0.22F}}, 14, body);
  o.mesh.rod({0, 0.16F, 0.17F}, {0, 0.22F, 0.15F}, 0.012F, 0.012F, 6, s.plastic);
  o.mesh.rod({0, 0.22F, 0.15F}, {0, 0.2F, 0.05F}, 0.012F, 0.012F, 6, s.plastic);
  return o;
}

Object pot(Style& s, Rng& rng) {
  Object o{"pot", Label::background, {}};
  const float r = rng.range(0.09F, 0.12F), h = rng.range(0.09F, 0.16F), y = r + 0.01F;
  const int body = rng.chance(0.6F) ? s.metal : s.paint(hsv(rng.uniform(), 0.6F, 0.5F), 0.5F, 60.0F);
  o.mesh.cylinder({0, y, 0}, r, h, 16, body);
  o.mesh.lathe({0, y, h}, {{r + 0.004F, 0}, {r * 0.6F, 0.025F}, {0.02F, 0.03F}, {0.015F, 0.05F}, {0, 0.05F}},
               14, s.metal);
  for (const float side : {-1.0F, 1.0F})
    o.mesh.rod({side * r, y, h - 0.03F}, {side * (r + 0.04F), y, h - 0.025F}, 0.01F, 0.01F, 5, s.plastic);
  return o;
}

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

}  // namespace taskonomy::scenes
