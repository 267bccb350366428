// Colours of a view: stratified rays, shading, exposure and tone curve.
#include "render.hpp"
#include "shading.hpp"

namespace taskonomy::scenes {
namespace {

float unit_float(std::uint64_t bits) { return static_cast<float>(bits >> 40) * 0x1p-24F; }

/// Filmic curve after Narkowicz's fit of the ACES reference; 0 -> 0, large -> 1.
float filmic(float x) { return clamp01(x * (2.51F * x + 0.03F) / (x * (2.43F * x + 0.59F) + 0.14F)); }

std::uint8_t to_srgb(float x) {
  const float s = x <= 0.0031308F ? 12.92F * x : 1.055F * std::pow(x, 1.0F / 2.4F) - 0.055F;
  return static_cast<std::uint8_t>(std::clamp(255.0F * s + 0.5F, 0.0F, 255.0F));
}

/// What a camera's automatics do: mean brightness to middle grey, highlights kept, half of the colour cast
/// removed.
Vec3 exposure(const std::vector<Vec3>& pixels, Rng& rng) {
  double log_sum = 0.0;
  Vec3 mean;
  std::vector<float> bright;
  bright.reserve(pixels.size());
  for (const Vec3& p : pixels) {
    const float y = luminance(p);
    log_sum += std::log(std::max(y, 1e-4F));
    mean += p;
    bright.push_back(y);
  }
  const float middle = static_cast<float>(std::exp(log_sum / static_cast<double>(pixels.size())));
  const auto high = bright.begin() + static_cast<std::ptrdiff_t>(bright.size() * 19 / 20);
  std::nth_element(bright.begin(), high, bright.end());
  const float key = rng.range(0.19F, 0.27F);
  const float scale = std::min(key / std::max(middle, 1e-4F), 1.5F / std::max(*high, 1e-4F));
  const float y = std::max(luminance(mean), 1e-6F);
  const auto balance = [&](float channel) { return std::pow(y / std::max(channel, 1e-6F), 0.5F); };
  return Vec3{balance(mean.x), balance(mean.y), balance(mean.z)} * scale;
}

/// One ray's way to its pixel: packets of rays, shaded together.
class ColourPass {
 public:
  ColourPass(const Stage& stage, const Camera& camera, const RenderOptions& options, std::uint64_t seed,
             const std::vector<float>& openness)
      : stage_(stage),
        camera_(camera),
        options_(options),
        seed_(seed),
        openness_(openness),
        shader_(stage),
        strata_(static_cast<int>(std::lround(std::sqrt(static_cast<float>(options.samples))))),
        pixels_(static_cast<std::size_t>(options.side * options.side)) {}

  /// Mean colour, colour * direct and rest of every pixel.
  std::vector<Shader::Shade> run() {
    for (int top = 0; top < options_.side; top += 2)
      for (int left = 0; left < options_.side; left += 2)
        for (int r = top; r < std::min(top + 2, options_.side); ++r)
          for (int c = left; c < std::min(left + 2, options_.side); ++c)
            for (int k = 0; k < options_.samples; ++k) add(r, c, k);
    flush();
    return std::move(pixels_);
  }

 private:
  void add(int row, int column, int k) {
    const auto pixel = static_cast<std::size_t>(row * options_.side + column);
    const std::uint64_t bits = mix_bits(seed_ ^ mix_bits(pixel * 256U + static_cast<unsigned>(k)));
    float x = unit_float(bits), y = unit_float(bits << 24);
    if (strata_ * strata_ == options_.samples) {
      x = (static_cast<float>(k % strata_) + x) / static_cast<float>(strata_);
      y = (static_cast<float>(k / strata_) + y) / static_cast<float>(strata_);
    }
    at_[count_] = pixel;
    // Blocks of 4x4 pixels share one low-discrepancy sequence: neighbours look at different parts of the
    // lamps, and the filter over them sees an even spread.
    order_[count_] = (((row & 3) * 4 + (column & 3)) * 5 % 16) * options_.samples + k;
    rays_[count_] = {
        camera_.position,
        camera_.direction(static_cast<float>(column) + x, static_cast<float>(row) + y, options_.side), 1e-4F,
        1e4F};
    if (++count_ == kPacket) flush();
  }

  void flush() {
    if (count_ == 0) return;
    Hit hits[kPacket];
    stage_.caster->intersect(rays_, count_, hits, true);
    const float pixel_angle = 1.0F / camera_.focal(options_.side);
    int live = 0;
    for (int i = 0; i < count_; ++i) {
      if (!hits[i].any()) continue;
      Shader::Request& q = requests_[live];
      q.surface = stage_.surface(rays_[i], hits[i]);
      q.view = rays_[i].direction;
      const float slant = std::max(0.12F, -dot(q.surface.facet, q.view));
      q.footprint = q.surface.distance * pixel_angle * 0.7F / std::sqrt(slant);
      q.openness = openness_[at_[i]];
      const auto spread = [&](float step) {
        const float x = 0.5F + step * static_cast<float>(order_[i] * options_.shadow_rays);
        return x - std::floor(x);
      };
      q.pick = spread(0.8191725F);
      q.sample_u = spread(0.6710436F);
      q.sample_v = spread(0.5497005F);
      at_[live++] = at_[i];
    }
    Shader::Shade shades[kPacket];
    shader_.shade(requests_, live, options_.shadow_rays, shades);
    const float share = 1.0F / static_cast<float>(options_.samples);
    for (int i = 0; i < live; ++i) {
      // One bright sample must not leave a speck: clamp before averaging.
      const float y = luminance(shades[i].rest);
      Shader::Shade& pixel = pixels_[at_[i]];
      pixel.colour += shades[i].colour * share;
      pixel.direct += shades[i].colour * shades[i].direct * share;
      pixel.rest += shades[i].rest * (share * (y > 4.0F ? 4.0F / y : 1.0F));
    }
    count_ = 0;
  }

  const Stage& stage_;
  const Camera& camera_;
  const RenderOptions& options_;
  std::uint64_t seed_;
  const std::vector<float>& openness_;
  Shader shader_;
  int strata_;
  std::vector<Shader::Shade> pixels_;
  int count_ = 0;
  Ray rays_[kPacket];
  Shader::Request requests_[kPacket];
  std::size_t at_[kPacket];
  int order_[kPacket];
};

/// The softness of a lens: a little of each pixel goes to its neighbours, so that edges thinner than a pixel
/// do not break up into dots.
void soften(std::vector<Vec3>& pixels, int side) {
  constexpr float kSide = 0.13F;
  const auto at = [&](int r, int c) { return static_cast<std::size_t>(r * side + c); };
  for (const bool rows : {true, false}) {
    for (int i = 0; i < side; ++i) {
      Vec3 before = pixels[rows ? at(i, 0) : at(0, i)];
      for (int j = 0; j < side; ++j) {
        Vec3& here = pixels[rows ? at(i, j) : at(j, i)];
        const Vec3 own = here, after = j + 1 < side ? pixels[rows ? at(i, j + 1) : at(j + 1, i)] : own;
        here = own * (1.0F - 2.0F * kSide) + (before + after) * kSide;
        before = own;
      }
    }
  }
}

/// The light on each pixel, averaged with its neighbours on the same surface: soft shadows without grain.
std::vector<Vec3> smooth_direct(const View& view, const std::vector<Shader::Shade>& pixels) {
  constexpr int kReach = 2;
  constexpr float kWeights[] = {1.0F, 1.0F, 0.5F};  // averages any pattern of four pixels to a constant
  const int side = view.side;
  const auto area = static_cast<std::size_t>(side * side);
  std::vector<Vec3> light(area), out(area);
  for (std::size_t i = 0; i < area; ++i) {
    const Vec3 c = pixels[i].colour, d = pixels[i].direct;
    light[i] = {d.x / std::max(c.x, 1e-4F), d.y / std::max(c.y, 1e-4F), d.z / std::max(c.z, 1e-4F)};
  }
  for (int r = 0; r < side; ++r) {
    for (int c = 0; c < side; ++c) {
      const auto here = static_cast<std::size_t>(r * side + c);
      Vec3 sum;
      float total = 0.0F;
      for (int y = std::max(0, r - kReach); y <= std::min(side - 1, r + kReach); ++y) {
        for (int x = std::max(0, c - kReach); x <= std::min(side - 1, c + kReach); ++x) {
          const auto there = static_cast<std::size_t>(y * side + x);
          const float same = view.normal[here] * view.normal[there] +
                             view.normal[area + here] * view.normal[area + there] +
                             view.normal[2 * area + here] * view.normal[2 * area + there];
          const float step = std::abs(view.depth_euclidean[here] - view.depth_euclidean[there]);
          if (same < 0.93F || step > 0.05F * view.depth_euclidean[here]) continue;
          const float weight = kWeights[std::abs(y - r)] * kWeights[std::abs(x - c)];
          sum += light[there] * weight;
          total += weight;
        }
      }
      out[here] = total > 0.0F ? sum / total : light[here];
    }
  }
  return out;
}

}  // namespace

void render_colour(const Stage& stage, const Camera& camera, const RenderOptions& options, std::uint64_t seed,
                   const std::vector<float>& openness, View& view) {
  const auto area = static_cast<std::size_t>(options.side * options.side);
  const std::vector<Shader::Shade> shades = ColourPass(stage, camera, options, seed, openness).run();
  const std::vector<Vec3> light = smooth_direct(view, shades);
  std::vector<Vec3> pixels(area);
  for (std::size_t i = 0; i < area; ++i) pixels[i] = shades[i].colour * light[i] + shades[i].rest;
  soften(pixels, options.side);
  Rng rng(seed ^ 0xE7U);
  const Vec3 scale = exposure(pixels, rng);
  view.rgb.resize(3 * area);
  for (std::size_t i = 0; i < area; ++i) {
    const Vec3 p = pixels[i] * scale;
    view.rgb[i] = to_srgb(filmic(p.x));
    view.rgb[area + i] = to_srgb(filmic(p.y));
    view.rgb[2 * area + i] = to_srgb(filmic(p.z));
  }
}

View render(const Stage& stage, const Camera& camera, const RenderOptions& options, std::uint64_t seed,
            bool colour) {
  View view;
  std::vector<float> openness;
  render_geometry(stage, camera, options, seed, view, openness);
  if (colour) render_colour(stage, camera, options, seed, openness, view);
  return view;
}

}  // namespace taskonomy::scenes
