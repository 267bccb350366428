// Random palettes: every finish of a room, drawn around its key colours.
#include "style.hpp"

namespace taskonomy::scenes {
namespace {

float linear(float s) { return s <= 0.04045F ? s / 12.92F : std::pow((s + 0.055F) / 1.055F, 2.4F); }

std::uint32_t fresh_seed(Rng& rng) { return static_cast<std::uint32_t>(rng.next()); }

struct WoodTone {
  unsigned light, dark;
};

Material wood(Rng& rng, bool dark) {
  static const std::vector<WoodTone> light_tones = {{0xD9B98C, 0xB58B58},
                                                    {0xC79A62, 0x9A6B3A},
                                                    {0xE3CDA8, 0xC8A878},
                                                    {0xBB8A52, 0x8A5C30},
                                                    {0xCFC0A8, 0xA8977C}};
  static const std::vector<WoodTone> dark_tones = {
      {0x7A4A2A, 0x4E2C18}, {0x5B3A26, 0x38231A}, {0x8A4B2F, 0x5E2F1C}, {0x4A3B33, 0x2C2420}};
  const WoodTone tone = rng.pick(dark ? dark_tones : light_tones);
  const float tint = rng.range(0.9F, 1.1F);
  Material m;
  m.pattern = Pattern::wood;
  m.a = srgb(tone.light) * tint;
  m.b = srgb(tone.dark) * tint;
  m.specular = rng.range(0.08F, 0.3F);
  m.gloss = rng.range(15.0F, 60.0F);
  m.seed = fresh_seed(rng);
  return m;
}

Material fabric(Rng& rng, float hue, float saturation, float value, bool patterned) {
  Material m;
  m.pattern = Pattern::weave;
  m.a = hsv(hue, saturation, value);
  m.b = m.a * rng.range(0.55F, 0.75F);
  m.c = hsv(hue + rng.range(0.3F, 0.6F), saturation * 0.7F, 0.85F);
  if (patterned) {
    m.pattern =
        rng.pick(std::vector<Pattern>{Pattern::stripes, Pattern::plaid, Pattern::dots, Pattern::motif});
    m.b = rng.chance(0.5F) ? hsv(hue + 0.08F, saturation * 0.5F, 0.92F)
                           : hsv(hue, std::min(1.0F, saturation + 0.2F), value * 0.6F);
    m.size_u = rng.range(0.05F, 0.16F);
    m.size_v = m.size_u;
  }
  m.seed = fresh_seed(rng);
  return m;
}

Material wall_finish(Rng& rng, float hue, bool accent) {
  Material m;
  const float saturation = accent ? rng.range(0.12F, 0.42F) : rng.range(0.02F, 0.22F);
  const float value = accent ? rng.range(0.45F, 0.85F) : rng.range(0.8F, 0.96F);
  m.a = hsv(hue, saturation, value);
  m.b = hsv(hue + rng.range(-0.05F, 0.05F), saturation * rng.range(0.4F, 1.6F),
            std::min(0.97F, value * rng.range(0.75F, 1.15F)));
  m.pattern = Pattern::plaster;
  m.seed = fresh_seed(rng);
  m.specular = 0.02F;
  const float kind = rng.uniform();
  if (kind < (accent ? 0.3F : 0.14F)) {
    m.pattern = Pattern::stripes;
    m.size_u = rng.range(0.06F, 0.18F);
  } else if (kind < (accent ? 0.6F : 0.26F)) {
    m.pattern = Pattern::motif;
    m.size_u = rng.range(0.16F, 0.34F);
    m.size_v = m.size_u * rng.range(1.0F, 1.5F);
  } else if (accent && kind < 0.78F) {
    m.pattern = Pattern::bricks;
    m.a = rng.chance(0.6F) ? srgb(0xA4583C) * rng.range(0.8F, 1.2F) : hsv(0.08F, 0.06F, 0.88F);
    m.b = srgb(0xC9C1B4);
    m.size_u = 0.25F;
    m.size_v = 0.085F;
  }
  return m;
}

Material tile_finish(Rng& rng, bool floor, float hue) {
  Material m;
  m.pattern = rng.chance(floor ? 0.4F : 0.12F) ? Pattern::checker : Pattern::tiles;
  const float value = rng.range(0.6F, 0.95F);
  m.a = hsv(hue, rng.range(0.02F, 0.35F), value);
  m.b = hsv(0.1F, 0.05F, rng.range(0.4F, 0.85F));
  m.c = rng.chance(0.5F) ? hsv(hue, 0.25F, 0.25F) : hsv(hue + 0.5F, 0.2F, 0.6F);
  m.size_u = floor ? rng.range(0.22F, 0.5F) : rng.range(0.1F, 0.3F);
  m.size_v = floor || rng.chance(0.5F) ? m.size_u : 0.5F * m.size_u;
  m.specular = rng.range(0.25F, 0.6F);
  m.gloss = rng.range(40.0F, 140.0F);
  m.seed = fresh_seed(rng);
  return m;
}

Material floor_finish(RoomKind kind, Rng& rng, float hue) {
  const bool wet = kind == RoomKind::bathroom || kind == RoomKind::kitchen;
  if (wet                         ? rng.chance(kind == RoomKind::bathroom ? 0.95F : 0.6F)
      : kind == RoomKind::storage ? rng.chance(0.3F)
                                  : rng.chance(0.08F))
    return tile_finish(rng, true, hue);
  Material m = wood(rng, rng.chance(0.35F));
  const float carpet = kind == RoomKind::bedroom || kind == RoomKind::office ? 0.35F : 0.12F;
  if (kind == RoomKind::storage && rng.chance(0.6F)) {  // bare concrete
    m.pattern = Pattern::stone;
    m.a = hsv(0.1F, 0.05F, rng.range(0.5F, 0.7F));
    m.b = m.a * 0.8F;
    m.c = m.a * 0.9F;
    m.specular = 0.03F;
  } else if (!wet && rng.chance(carpet)) {
    m.pattern = Pattern::carpet;
    m.a = hsv(hue + rng.range(-0.1F, 0.1F), rng.range(0.05F, 0.45F), rng.range(0.35F, 0.8F));
    m.b = m.a * 0.7F;
    m.specular = 0.0F;
  } else {
    m.pattern = rng.chance(0.22F) ? Pattern::parquet : Pattern::planks;
    m.size_u = m.pattern == Pattern::parquet ? rng.range(0.25F, 0.4F) : rng.range(0.9F, 1.8F);
    m.size_v = rng.range(0.08F, 0.18F);
    m.c = m.b * 0.35F;
  }
  return m;
}

void draw_metals_and_ceramics(Style& s, Rng& rng) {
  Material metal;
  metal.pattern = Pattern::brushed;
  metal.a = hsv(0.58F, 0.03F, rng.range(0.72F, 0.85F));
  metal.specular = 0.9F;
  metal.gloss = 90.0F;
  metal.seed = fresh_seed(rng);
  s.metal = s.add(metal);
  s.dark_metal = s.paint(hsv(0.6F, 0.08F, rng.range(0.12F, 0.3F)), 0.4F, 50.0F);
  s.ceramic = s.paint(hsv(rng.range(0.08F, 0.6F), 0.02F, rng.range(0.92F, 0.97F)), 0.6F, 160.0F);
  s.black_glass = s.paint(hsv(0.6F, 0.1F, 0.1F), 0.8F, 250.0F);
  Material appliance = metal;
  const float look = rng.uniform();
  if (look < 0.5F) {
    appliance.pattern = Pattern::plain;
    appliance.a = hsv(0.1F, 0.02F, rng.range(0.88F, 0.96F));
    appliance.specular = 0.4F;
  } else if (look < 0.6F) {
    appliance.pattern = Pattern::plain;
    appliance.a = hsv(rng.uniform(), 0.5F, 0.7F);
    appliance.specular = 0.4F;
  }
  s.appliance = s.add(appliance);
  s.plastic = s.paint(hsv(rng.uniform(), 0.1F, rng.range(0.1F, 0.3F)), 0.25F, 30.0F);
  s.paper = s.paint(hsv(0.12F, 0.08F, 0.93F), 0.0F);
  s.soil = s.paint(srgb(0x3A2A1E), 0.0F);
}

void draw_textiles(Style& s, Rng& rng, float hue, float second) {
  s.fabric = s.add(fabric(rng, hue, rng.range(0.05F, 0.5F), rng.range(0.25F, 0.8F), rng.chance(0.15F)));
  s.fabric_second =
      s.add(fabric(rng, second, rng.range(0.25F, 0.65F), rng.range(0.4F, 0.9F), rng.chance(0.6F)));
  s.bedding = s.add(fabric(rng, rng.chance(0.5F) ? hue : second, rng.range(0.05F, 0.6F),
                           rng.range(0.55F, 0.95F), rng.chance(0.65F)));
  s.pillow = s.add(fabric(rng, second, rng.range(0.0F, 0.15F), rng.range(0.88F, 0.97F), false));
  s.curtain = s.add(fabric(rng, second, rng.range(0.1F, 0.6F), rng.range(0.55F, 0.95F), rng.chance(0.3F)));
  Material rug = fabric(rng, second, rng.range(0.2F, 0.6F), rng.range(0.35F, 0.75F), false);
  rug.pattern = Pattern::rug;
  rug.b = hsv(hue, rng.range(0.15F, 0.5F), rng.range(0.2F, 0.7F));
  s.rug = s.add(rug);
}

void draw_joinery(Style& s, Rng& rng, RoomKind kind, float hue) {
  const bool dark = rng.chance(0.4F);
  s.wood = s.add(wood(rng, dark));
  s.wood_second = s.add(wood(rng, rng.chance(0.3F) ? !dark : dark));
  const bool white_trim = rng.chance(0.7F);
  s.trim = white_trim ? s.paint(hsv(0.1F, 0.03F, 0.94F), 0.15F, 30.0F) : s.wood;
  s.door = rng.chance(0.5F) ? s.trim : s.add(wood(rng, rng.chance(0.4F)));
  s.frame = s.trim;
  const float look = rng.uniform();
  if (look < 0.35F)
    s.front = s.wood;
  else if (look < 0.7F)
    s.front = s.paint(hsv(0.1F, 0.04F, rng.range(0.85F, 0.95F)), 0.3F, 60.0F);
  else
    s.front = s.paint(hsv(hue, rng.range(0.2F, 0.6F), rng.range(0.3F, 0.8F)), 0.25F, 50.0F);
  Material counter;
  counter.pattern = rng.chance(0.6F) ? Pattern::stone : Pattern::marble;
  const float value = kind == RoomKind::kitchen ? rng.range(0.2F, 0.85F) : rng.range(0.6F, 0.9F);
  counter.a = hsv(0.08F, 0.1F, value);
  counter.b = hsv(0.08F, 0.15F, value * 0.75F);
  counter.c = hsv(0.08F, 0.1F, std::min(0.95F, value * 1.2F));
  counter.specular = 0.4F;
  counter.gloss = 90.0F;
  counter.seed = fresh_seed(rng);
  s.counter = rng.chance(0.25F) ? s.wood_second : s.add(counter);
}

}  // namespace

Vec3 srgb(unsigned hex) {
  const auto channel = [&](int shift) { return linear(static_cast<float>((hex >> shift) & 0xFFU) / 255.0F); };
  return {channel(16), channel(8), channel(0)};
}

std::uint8_t to_srgb(float x) {
  const float s = x <= 0.0031308F ? 12.92F * x : 1.055F * std::pow(x, 1.0F / 2.4F) - 0.055F;
  return static_cast<std::uint8_t>(std::clamp(255.0F * s + 0.5F, 0.0F, 255.0F));
}

Vec3 hsv(float hue, float saturation, float value) {
  const auto channel = [&](float offset) {
    float h = hue + offset;
    h -= std::floor(h);
    return linear(value * (1.0F - saturation * clamp01(2.0F - std::abs(h * 6.0F - 3.0F))));
  };
  return {channel(0.0F), channel(2.0F / 3.0F), channel(1.0F / 3.0F)};
}

int Style::paint(Vec3 colour, float specular, float gloss) {
  Material m;
  m.a = colour;
  m.specular = specular;
  m.gloss = gloss;
  return add(m);
}

Style make_style(RoomKind kind, Rng& rng) {
  Style s;
  const float hue = rng.uniform(),
              second = hue + rng.pick(std::vector<float>{0.08F, 0.33F, 0.5F, 0.58F, 0.0F});
  const float wall_hue = rng.chance(0.55F) ? rng.range(0.05F, 0.16F) : hue;
  s.wall = s.add(wall_finish(rng, wall_hue, false));
  const bool accent =
      kind == RoomKind::living_room || kind == RoomKind::bedroom || kind == RoomKind::dining_room;
  s.accent_wall = rng.chance(accent ? 0.45F : 0.1F) ? s.add(wall_finish(rng, hue, true)) : s.wall;
  s.wet_wall = s.add(tile_finish(rng, false, second));
  s.backsplash = s.add(tile_finish(rng, false, hue));
  s.floor = s.add(floor_finish(kind, rng, hue));
  s.ceiling = s.paint(hsv(0.1F, 0.02F, rng.range(0.9F, 0.97F)), 0.0F);
  draw_joinery(s, rng, kind, hue);
  draw_metals_and_ceramics(s, rng);
  draw_textiles(s, rng, hue, second);
  // Most rooms are quieter than a random palette.
  const float vivid = rng.range(0.35F, 0.95F);
  for (Material& m : s.materials)
    for (Vec3* colour : {&m.a, &m.b, &m.c}) {
      const float y = luminance(*colour);
      if (m.pattern != Pattern::wood && m.pattern != Pattern::planks && m.pattern != Pattern::parquet)
        *colour = mix(Vec3{y, y, y}, *colour, vivid);
    }
  Material shade;
  shade.a = hsv(0.1F, rng.range(0.05F, 0.35F), 0.95F);
  shade.emission = 1.2F;
  s.lampshade = s.add(shade);
  shade.a = {1.0F, 0.97F, 0.9F};
  shade.emission = 6.0F;
  s.bulb = s.add(shade);
  return s;
}

}  // namespace taskonomy::scenes
