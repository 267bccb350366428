// Procedural surfaces. Each pattern is a few box-filtered grids and faded noise octaves.
#include "texture.hpp"

namespace taskonomy::scenes {
namespace {

std::uint32_t hash_cell(int x, int y, std::uint32_t seed) {
  std::uint32_t h =
      static_cast<std::uint32_t>(x) * 0x8DA6B343U + static_cast<std::uint32_t>(y) * 0xD8163841U + seed;
  h = (h ^ (h >> 15)) * 0x2C1B3C6DU;
  h = (h ^ (h >> 12)) * 0x297A2D39U;
  return h ^ (h >> 15);
}

float cell_value(int x, int y, std::uint32_t seed) {
  return static_cast<float>(hash_cell(x, y, seed) >> 8) * 0x1p-24F;
}

int floor_int(float x) { return static_cast<int>(std::floor(x)); }

/// Smooth noise in -1..1 with features of one unit.
float noise(float x, float y, std::uint32_t seed) {
  const int ix = floor_int(x), iy = floor_int(y);
  float fx = x - static_cast<float>(ix), fy = y - static_cast<float>(iy);
  fx = fx * fx * (3.0F - 2.0F * fx);
  fy = fy * fy * (3.0F - 2.0F * fy);
  const float top = mix(cell_value(ix, iy, seed), cell_value(ix + 1, iy, seed), fx);
  const float bottom = mix(cell_value(ix, iy + 1, seed), cell_value(ix + 1, iy + 1, seed), fx);
  return 2.0F * mix(top, bottom, fy) - 1.0F;
}

/// How much of a detail of this size is left when averaged over the footprint.
float visible(float size, float footprint) { return 1.0F - smoothstep(0.4F, 1.3F, footprint / size); }

/// Noise with features of `size` metres, gone where the footprint is larger.
float filtered_noise(float u, float v, float size, float footprint, std::uint32_t seed) {
  const float weight = visible(size, footprint);
  return weight <= 0.0F ? 0.0F : weight * noise(u / size, v / size, seed);
}

/// Share of [x - footprint/2, x + footprint/2] inside the pulses [k*period, k*period + width]: an exact box
/// filter.
float pulse(float x, float period, float width, float footprint) {
  const auto integral = [&](float t) {
    const float k = std::floor(t / period);
    return k * width + std::min(t - k * period, width);
  };
  const float half = 0.5F * std::max(footprint, 1e-4F);
  return (integral(x + half) - integral(x - half)) / (2.0F * half);
}

/// Share of the footprint covered by grid lines of this width around multiples of the periods.
float grid_lines(float u, float v, float pu, float pv, float width, float footprint) {
  const float a = pulse(u + 0.5F * width, pu, width, footprint);
  const float b = pulse(v + 0.5F * width, pv, width, footprint);
  return a + b - a * b;
}

float wood_grain(float u, float v, float footprint, std::uint32_t seed) {
  const float bend = noise(u * 0.9F, v * 3.0F, seed) * 0.03F;
  const float rings =
      visible(0.03F, footprint) * std::sin((v + bend) * 190.0F + 4.0F * noise(u * 0.6F, v * 2.0F, seed + 7));
  const float fibre = visible(0.012F, footprint) * noise(u * 7.0F, v * 140.0F, seed + 3);
  return 0.45F + 0.13F * rings + 0.2F * fibre +
         0.3F * filtered_noise(u * 0.25F, v, 0.11F, footprint, seed + 5);
}

Vec3 planks(const Material& m, float u, float v, float footprint) {
  const int row = floor_int(v / m.size_v);
  const float shifted = u + m.size_u * cell_value(row, 77, m.seed);
  const int column = floor_int(shifted / m.size_u);
  const float own = cell_value(column, row, m.seed + 1);
  const float grain = wood_grain(u + 13.0F * own, v + 5.0F * own, footprint, m.seed);
  const float tint = 1.0F + visible(m.size_v, footprint) * 0.45F * (own - 0.5F);
  const Vec3 wood = mix(m.a, m.b, clamp01(grain)) * tint;
  const float gap = grid_lines(shifted, v, m.size_u, m.size_v, 0.006F, footprint);
  return mix(wood, m.c, gap * 0.85F);
}

Vec3 parquet(const Material& m, float u, float v, float footprint) {
  const int iu = floor_int(u / m.size_u), iv = floor_int(v / m.size_u);
  const bool turned = ((iu + iv) & 1) != 0;
  const float along = turned ? v : u, across = turned ? u : v;
  const float slat = m.size_u / 4.0F;
  const float own = cell_value(iu * 8 + floor_int(across / slat), iv, m.seed + (turned ? 9U : 4U));
  const float grain = wood_grain(along + 9.0F * own, across, footprint, m.seed);
  const Vec3 wood = mix(m.a, m.b, clamp01(grain)) * (1.0F + visible(slat, footprint) * 0.4F * (own - 0.5F));
  const float gap = std::max(grid_lines(u, v, m.size_u, m.size_u, 0.004F, footprint),
                             pulse(across, slat, 0.003F, footprint));
  return mix(wood, m.c, gap * 0.7F);
}

Vec3 tiles(const Material& m, float u, float v, float footprint, bool checker) {
  const int iu = floor_int(u / m.size_u), iv = floor_int(v / m.size_v);
  const float own = cell_value(iu, iv, m.seed) - 0.5F;
  Vec3 tile = m.a;
  if (checker) {
    const float pu = 2.0F * pulse(u, 2.0F * m.size_u, m.size_u, footprint) - 1.0F;
    const float pv = 2.0F * pulse(v, 2.0F * m.size_v, m.size_v, footprint) - 1.0F;
    tile = mix(m.a, m.c, 0.5F + 0.5F * pu * pv);
  }
  const float cloud = 0.07F * filtered_noise(u + 3.0F * own, v, 0.07F, footprint, m.seed + 2);
  tile = tile * (1.0F + 0.16F * own * visible(m.size_u, footprint) + cloud);
  return mix(tile, m.b, grid_lines(u, v, m.size_u, m.size_v, std::min(0.008F, 0.06F * m.size_u), footprint));
}

Vec3 bricks(const Material& m, float u, float v, float footprint) {
  const int row = floor_int(v / m.size_v);
  const float shifted = u + ((row & 1) != 0 ? 0.5F * m.size_u : 0.0F);
  const float own = cell_value(floor_int(shifted / m.size_u), row, m.seed) - 0.5F;
  const float rough = 0.2F * filtered_noise(u, v, 0.02F, footprint, m.seed + 1);
  const Vec3 brick = m.a * (1.0F + 0.5F * own * visible(m.size_v, footprint) + rough);
  return mix(brick, m.b, grid_lines(shifted, v, m.size_u, m.size_v, 0.012F, footprint));
}

Vec3 motif(const Material& m, float u, float v, float footprint) {
  const float fu = u / m.size_u, fv = v / m.size_v;
  const auto lozenge = [&](float x, float y) {
    const float du = std::abs(x - std::floor(x) - 0.5F), dv = std::abs(y - std::floor(y) - 0.5F);
    const float d = du + dv, soft = 0.06F + footprint / m.size_u;
    const float ring = 1.0F - smoothstep(0.0F, soft, std::abs(d - 0.3F) - 0.03F);
    return std::max(ring, 1.0F - smoothstep(0.0F, soft, d - 0.12F));
  };
  const float shape = std::max(lozenge(fu, fv), 0.6F * lozenge(fu + 0.5F, fv + 0.5F));
  const float weight = visible(0.6F * m.size_u, footprint);
  return mix(m.a, m.b, mix(0.3F, shape, weight));
}

Vec3 dots(const Material& m, float u, float v, float footprint) {
  const float fu = u / m.size_u, fv = v / m.size_u;
  const float shift = (floor_int(fv) & 1) != 0 ? 0.5F : 0.0F;
  const float du = fu + shift - std::floor(fu + shift) - 0.5F, dv = fv - std::floor(fv) - 0.5F;
  const float soft = 0.05F + footprint / m.size_u;
  const float dot_shape = 1.0F - smoothstep(-0.5F * soft, 0.5F * soft, std::sqrt(du * du + dv * dv) - 0.27F);
  return mix(m.a, m.b, mix(0.23F, dot_shape, visible(0.7F * m.size_u, footprint)));
}

Vec3 stone(const Material& m, float u, float v, float footprint) {
  const float coarse = filtered_noise(u, v, 0.03F, footprint, m.seed);
  const float fine = filtered_noise(u, v, 0.009F, footprint, m.seed + 1);
  const Vec3 base = mix(m.a, m.b, clamp01(0.4F + 0.6F * coarse));
  return mix(base, m.c, clamp01(0.25F + 0.7F * fine));
}

Vec3 marble(const Material& m, float u, float v, float footprint) {
  const float warp =
      0.35F * noise(u * 2.0F, v * 2.0F, m.seed) + 0.12F * noise(u * 7.0F, v * 7.0F, m.seed + 1);
  const float vein = std::abs(noise(u * 1.6F + warp, v * 3.0F + 2.0F * warp, m.seed + 2));
  return mix(m.a, m.b, (1.0F - smoothstep(0.0F, 0.16F + footprint, vein)) * 0.7F);
}

Vec3 rug(const Material& m, float u, float v, float footprint) {
  const float edge = std::min(std::min(u, 1.0F - u), std::min(v, 1.0F - v));
  const float soft = 0.004F + 0.5F * footprint;
  const auto band = [&](float lo, float hi) {
    return smoothstep(lo - soft, lo + soft, edge) * (1.0F - smoothstep(hi - soft, hi + soft, edge));
  };
  Vec3 colour = mix(m.a, m.b, 1.0F - smoothstep(0.1F - soft, 0.1F + soft, edge));
  colour = mix(colour, m.c, std::max(band(0.025F, 0.045F), band(0.11F, 0.125F)));
  const float du = std::abs(u - 0.5F), dv = std::abs(v - 0.5F);
  const float d = du * 1.3F + dv;
  const float medallion = 0.5F + 0.5F * std::sin(d * (30.0F + 20.0F * cell_value(1, 2, m.seed)));
  const float ornament =
      smoothstep(0.55F, 0.75F, medallion) * visible(0.06F, footprint) * (edge > 0.13F ? 1.0F : 0.0F);
  colour = mix(colour, m.c, 0.55F * ornament);
  return colour * (1.0F + 0.15F * filtered_noise(u, v, 0.006F, footprint, m.seed));
}

Vec3 painting(const Material& m, float u, float v, float footprint) {
  const std::uint32_t kind = m.seed % 3U;
  if (kind == 0) {  // hills under a sky
    Vec3 colour = mix(m.c, mix(m.c, {0.9F, 0.9F, 0.9F}, 0.7F), v);
    for (int hill = 0; hill < 3; ++hill) {
      const float crest =
          0.62F - 0.2F * static_cast<float>(hill) +
          0.13F * noise(u * (2.5F + static_cast<float>(hill)), static_cast<float>(hill) * 3.7F, m.seed);
      const Vec3 land = mix(m.b, m.a, 0.5F * static_cast<float>(hill));
      colour = mix(colour, land, 1.0F - smoothstep(crest - 0.01F - footprint, crest + 0.01F + footprint, v));
    }
    return colour;
  }
  if (kind == 1) {  // rectangles
    Vec3 colour = m.a;
    for (int i = 0; i < 5; ++i) {
      const float x = cell_value(i, 1, m.seed), y = cell_value(i, 2, m.seed);
      const float w = 0.1F + 0.3F * cell_value(i, 3, m.seed), h = 0.1F + 0.35F * cell_value(i, 4, m.seed);
      if (std::abs(u - x) < w && std::abs(v - y) < h)
        colour = i % 3 == 0 ? m.b : i % 3 == 1 ? m.c : m.a * 0.5F;
    }
    return colour;
  }
  Vec3 colour = mix(m.a, m.c, 0.5F + 0.5F * noise(u * 2.0F, v * 2.0F, m.seed));  // discs on a wash
  for (int i = 0; i < 4; ++i) {
    const float dx = u - cell_value(i, 5, m.seed), dy = v - cell_value(i, 6, m.seed);
    const float r = 0.08F + 0.17F * cell_value(i, 7, m.seed);
    const float inside =
        1.0F - smoothstep(r - 0.01F - footprint, r + 0.01F + footprint, std::sqrt(dx * dx + dy * dy));
    colour = mix(colour, i % 2 == 0 ? m.b : m.c * 0.6F, inside);
  }
  return colour;
}

Vec3 outdoors(const Material& m, float u, float v, float footprint) {
  const float cloud = smoothstep(
      0.0F, 0.8F, noise(u * 2.2F, v * 4.5F, m.seed) + 0.5F * noise(u * 5.0F, v * 9.0F, m.seed + 1));
  Vec3 colour = mix(mix({0.85F, 0.92F, 1.0F}, m.a, v), {1.0F, 1.0F, 1.0F}, 0.7F * cloud);
  const float crown =
      0.32F + 0.16F * noise(u * 4.0F, 0.5F, m.seed + 2) + 0.05F * noise(u * 17.0F, 1.5F, m.seed + 3);
  const float leaves = 0.8F + 0.35F * filtered_noise(u, v, 0.05F, footprint, m.seed + 4);
  colour = mix(colour, m.b * leaves, 1.0F - smoothstep(crown - 0.02F, crown + 0.02F + footprint, v));
  return mix(colour, m.c, 1.0F - smoothstep(0.1F, 0.13F, v));
}

Vec3 screen(const Material& m, float u, float v, float footprint) {
  const float dx = u - 0.5F, dy = v - 0.45F;
  const float blob = 1.0F - smoothstep(0.12F, 0.2F + footprint, std::sqrt(dx * dx + dy * dy));
  const Vec3 ground = mix(m.b, m.a, smoothstep(0.2F, 0.6F, v + 0.1F * noise(u * 4.0F, 0.0F, m.seed)));
  return mix(ground, m.c, blob);
}

Vec3 fabric(const Material& m, float u, float v, float footprint) {
  const float threads = visible(0.012F, footprint) * 0.5F * (std::sin(u * 520.0F) + std::sin(v * 520.0F));
  const float wear = 0.25F * filtered_noise(u, v, 0.16F, footprint, m.seed) +
                     0.22F * filtered_noise(u, v, 0.035F, footprint, m.seed + 1);
  return mix(m.a, m.b, clamp01(0.35F + 0.2F * threads + wear));
}

Vec3 plaid(const Material& m, float u, float v, float footprint) {
  const float wide_u = pulse(u, m.size_u, 0.4F * m.size_u, footprint);
  const float wide_v = pulse(v, m.size_u, 0.4F * m.size_u, footprint);
  const float thin =
      grid_lines(u + 0.3F * m.size_u, v + 0.3F * m.size_u, m.size_u, m.size_u, 0.06F * m.size_u, footprint);
  return mix(mix(m.a, m.b, 0.45F * (wide_u + wide_v)), m.c, 0.8F * thin);
}

Vec3 carpet(const Material& m, float u, float v, float footprint) {
  return mix(m.a, m.b,
             clamp01(0.5F + 0.4F * filtered_noise(u, v, 0.012F, footprint, m.seed) +
                     0.25F * filtered_noise(u, v, 0.06F, footprint, m.seed + 1) +
                     0.2F * filtered_noise(u, v, 0.4F, footprint, m.seed + 2)));
}

Vec3 spine(const Material& m, float v, float footprint) {
  const float band = pulse(v, 0.17F, 0.02F, footprint) + pulse(v + 0.05F, 0.17F, 0.008F, footprint);
  return mix(m.a, m.b, clamp01(band));
}

/// Share of [x - footprint/2, x + footprint/2] inside [lo, hi].
float overlap(float x, float lo, float hi, float footprint) {
  const float width = std::max(footprint, 1e-4F);
  return clamp01((std::min(x + 0.5F * width, hi) - std::max(x - 0.5F * width, lo)) / width);
}

/// Papers, posters, mats and other flat things on a surface: at most one in every square.
Vec3 with_papers(const Material& m, Vec3 colour, float u, float v, float footprint) {
  const float square = m.papers_apart;
  const int iu = floor_int(u / square), iv = floor_int(v / square);
  const auto random = [&](std::uint32_t which) { return cell_value(iu, iv, m.seed + 31U * which); };
  if (random(1) >= m.papers) return colour;
  const float half_u = square * mix(0.06F, 0.45F, random(2)), half_v = half_u * mix(0.5F, 1.1F, random(3));
  const float centre_u =
                  (static_cast<float>(iu) + 0.5F) * square + (random(4) - 0.5F) * (square - 2.0F * half_u),
              centre_v = (static_cast<float>(iv) + 0.5F) * square +
                         (random(5) - 0.5F) * std::max(0.0F, square - 2.0F * half_v);
  const float share = overlap(u, centre_u - half_u, centre_u + half_u, footprint) *
                      overlap(v, centre_v - half_v, centre_v + half_v, footprint);
  if (share <= 0.0F) return colour;
  const float value = random(6) < 0.4F ? 0.8F : 0.7F * random(6) * random(6);
  const float hue = 2.0F * kPi * random(7), vivid = 0.6F * random(8);
  Vec3 ground = Vec3{1.0F + vivid * std::cos(hue), 1.0F + vivid * std::cos(hue + 2.1F),
                     1.0F + vivid * std::cos(hue + 4.2F)} *
                value;
  const float print = filtered_noise(u, v, 0.3F * half_u, footprint, m.seed + 5);
  return mix(colour, ground * (1.0F + 0.6F * print), share);
}

/// Blotches of three sizes, darker more often than lighter.
Vec3 worn(const Material& m, Vec3 colour, float u, float v, float footprint) {
  const float dirt = filtered_noise(u, v, 0.9F, footprint, m.seed + 11) +
                     0.7F * filtered_noise(u, v, 0.22F, footprint, m.seed + 12) +
                     0.6F * filtered_noise(u, v, 0.06F, footprint, m.seed + 13);
  return colour * std::exp2(m.wear * (1.3F * dirt - 0.3F));
}

/// Whether a pattern's texture coordinates are shares of an object instead of metres.
bool in_shares(Pattern pattern) {
  return pattern == Pattern::leaf || pattern == Pattern::rug || pattern == Pattern::painting ||
         pattern == Pattern::outdoors || pattern == Pattern::screen || pattern == Pattern::spine;
}

Vec3 painted(const Material& m, float u, float v, float footprint) {
  switch (m.pattern) {
    case Pattern::plain:
      return m.a;
    case Pattern::plaster:
      return m.a * (1.0F + 0.03F * filtered_noise(u, v, 0.5F, footprint, m.seed) +
                    0.05F * filtered_noise(u, v, 0.06F, footprint, m.seed + 1));
    case Pattern::wood:
      return mix(m.a, m.b, clamp01(wood_grain(u, v, footprint, m.seed)));
    case Pattern::planks:
      return planks(m, u, v, footprint);
    case Pattern::parquet:
      return parquet(m, u, v, footprint);
    case Pattern::tiles:
      return tiles(m, u, v, footprint, false);
    case Pattern::checker:
      return tiles(m, u, v, footprint, true);
    case Pattern::bricks:
      return bricks(m, u, v, footprint);
    case Pattern::carpet:
      return carpet(m, u, v, footprint);
    case Pattern::stripes:
      return mix(m.a, m.b, pulse(u, 2.0F * m.size_u, m.size_u, footprint));
    case Pattern::motif:
      return motif(m, u, v, footprint);
    case Pattern::plaid:
      return plaid(m, u, v, footprint);
    case Pattern::dots:
      return dots(m, u, v, footprint);
    case Pattern::weave:
      return fabric(m, u, v, footprint);
    case Pattern::stone:
      return stone(m, u, v, footprint);
    case Pattern::marble:
      return marble(m, u, v, footprint);
    case Pattern::brushed:
      return m.a * (1.0F + 0.06F * visible(0.02F, footprint) * noise(u * 60.0F, v * 4.0F, m.seed) +
                    0.06F * noise(u * 3.0F, v * 0.8F, m.seed + 1));
    case Pattern::leaf:
      return mix(m.a, m.b, 1.0F - smoothstep(0.02F, 0.08F + footprint, std::abs(v - 0.5F))) *
             (0.85F + 0.3F * u);
    case Pattern::rug:
      return rug(m, u, v, footprint);
    case Pattern::painting:
      return painting(m, u, v, footprint);
    case Pattern::outdoors:
      return outdoors(m, u, v, footprint);
    case Pattern::screen:
      return screen(m, u, v, footprint);
    case Pattern::spine:
      return spine(m, v, footprint);
    case Pattern::cardboard:
      return mix(m.a * (1.0F + 0.08F * filtered_noise(u, v, 0.08F, footprint, m.seed)), m.b,
                 0.7F * pulse(v + 0.025F, 10.0F, 0.05F, footprint));
  }
  return m.a;
}

}  // namespace

Vec3 colour_at(const Material& m, float u, float v, float footprint) {
  Vec3 colour = painted(m, u, v, footprint);
  if (m.wear > 0.0F && !in_shares(m.pattern)) colour = worn(m, colour, u, v, footprint);
  return m.papers > 0.0F && !in_shares(m.pattern) ? with_papers(m, colour, u, v, footprint) : colour;
}

}  // namespace taskonomy::scenes
