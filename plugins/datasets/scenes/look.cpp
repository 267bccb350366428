// Domain randomisation of rooms: finishes and light. The ranges are wider than those of photographs, so that a
// network takes photographs for one more variation.
#include "look.hpp"

#include "room.hpp"

namespace taskonomy::scenes {
namespace {

/// A factor between 1/2^stops and 2^stops.
float stops(Rng& rng, float most) { return std::exp2(rng.range(-most, most)); }

/// The colour of a light between that of a candle (0) and that of a blue sky (1), with luminance 1.
Vec3 light_colour(float warmth_to_cool, float green) {
  const Vec3 warm{1.0F, 0.62F, 0.28F}, white{1.0F, 0.96F, 0.9F}, cool{0.72F, 0.88F, 1.2F};
  const float t = 2.0F * warmth_to_cool;
  Vec3 colour = t < 1.0F ? mix(warm, white, t) : mix(white, cool, t - 1.0F);
  colour.y *= 1.0F + green;
  return colour / luminance(colour);
}

/// Another colour of the same kind: lighter or darker, with a cast.
Vec3 recoloured(Vec3 colour, float value, Vec3 cast) {
  const auto channel = [](float x) { return std::clamp(x, 0.004F, 0.97F); };
  return {channel(colour.x * value * cast.x), channel(colour.y * value * cast.y),
          channel(colour.z * value * cast.z)};
}

/// Prints a surface: wallpaper, tiles or patterned cloth that repeats every `finest` to `coarsest` metres.
void print_pattern(Material& m, float finest, float coarsest, Rng& rng) {
  m.pattern =
      rng.pick(std::vector<Pattern>{Pattern::stripes, Pattern::motif, Pattern::plaid, Pattern::dots,
                                    Pattern::tiles, Pattern::checker, Pattern::bricks, Pattern::stone});
  m.b = recoloured(m.a, std::exp2(rng.range(-2.5F, 0.8F)),
                   {stops(rng, 0.5F), stops(rng, 0.3F), stops(rng, 0.6F)});
  m.c = recoloured(m.a, std::exp2(rng.range(-2.5F, 0.8F)),
                   {stops(rng, 0.8F), stops(rng, 0.5F), stops(rng, 0.8F)});
  m.size_u = finest * std::pow(coarsest / finest, rng.uniform());
  m.size_v = m.size_u * rng.range(0.35F, 1.2F);
}

}  // namespace

Handling handling_of(Look look) {
  if (look == Look::plain) return {};
  constexpr float kDegree = kPi / 180.0F;
  // The centred square of a photograph shows less than its width: 51 degrees of a phone's 65, 44 of a Kinect's 57.
  return {36.0F, 68.0F, 0.5F, 2.0F, 40.0F * kDegree, 10.0F * kDegree, 2.5F * kDegree};
}

void vary_finishes(Style& style, Rng& rng) {
  const auto of = [&](int index) -> Material& { return style.materials[static_cast<std::size_t>(index)]; };
  if (rng.chance(0.3F)) print_pattern(of(style.wall), 0.05F, 0.5F, rng);
  for (const int cloth : {style.fabric, style.fabric_second, style.bedding, style.pillow, style.curtain})
    if (rng.chance(0.35F)) print_pattern(of(cloth), 0.02F, 0.25F, rng);
  // Furniture is darker and warmer than a palette drawn evenly.
  const float worn = rng.uniform(), dark = rng.range(-2.2F, -0.1F), warm = rng.range(-0.12F, 0.35F);
  for (Material& m : style.materials) {
    if (m.emission > 0.0F) continue;
    const float value = std::exp2(rng.range(dark, 0.2F)), warmth = warm + rng.range(-0.2F, 0.2F);
    const Vec3 cast{std::exp2(warmth), stops(rng, 0.08F), std::exp2(-warmth)};
    for (Vec3* colour : {&m.a, &m.b, &m.c}) *colour = recoloured(*colour, value, cast);
    if (rng.chance(0.6F)) m.wear = 0.5F * worn * rng.uniform();
    if (rng.chance(0.35F)) {
      m.papers = rng.range(0.05F, 0.5F);
      m.papers_apart = rng.range(0.12F, 0.4F);
    }
  }
  // Walls and ceilings stay bright more often.
  for (const int large : {style.wall, style.accent_wall, style.ceiling}) {
    Material& m = of(large);
    if (rng.chance(0.7F)) {
      const float lift = std::max(1.0F, rng.range(0.3F, 0.8F) / std::max(luminance(m.a), 0.01F));
      for (Vec3* colour : {&m.a, &m.b, &m.c}) *colour = recoloured(*colour, lift, {1, 1, 1});
    }
    m.wear *= 0.5F;
    m.papers = large != style.ceiling && rng.chance(0.5F) ? rng.range(0.05F, 0.4F) : 0.0F;
    m.papers_apart = rng.range(0.4F, 1.0F);
  }
}

void vary_lights(Room& room, Rng& rng) {
  const float lamps = rng.range(0.05F, 0.7F), sky = rng.range(0.35F, 1.0F);
  std::vector<Light> burning;
  for (Light light : room.lights) {
    const bool lamp = light.radius > 0.0F;
    if (lamp && rng.chance(0.25F) && room.lights.size() > 1) continue;
    const float tone = clamp01((lamp ? lamps : sky) + rng.range(-0.1F, 0.1F));
    light.power = light_colour(tone, rng.range(-0.06F, 0.1F)) * (luminance(light.power) * stops(rng, 1.5F));
    if (lamp) light.radius = std::clamp(light.radius * stops(rng, 2.0F), 0.02F, 0.4F);
    burning.push_back(light);
  }
  if (!burning.empty()) room.lights = std::move(burning);
  room.sun.power =
      light_colour(rng.range(0.25F, 0.6F), 0.0F) * (luminance(room.sun.power) * stops(rng, 1.0F));
}

void vary_ambient(Room& room, Rng& rng) {
  const Vec3 cast{stops(rng, 0.15F), stops(rng, 0.06F), stops(rng, 0.2F)};
  room.ambient = room.ambient * cast * std::exp2(rng.range(-2.2F, 0.3F));
}

}  // namespace taskonomy::scenes
