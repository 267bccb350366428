// Developing photographs: lens, exposure, sensor, tone curve, in the order in which a camera applies them.
#include "photography.hpp"

#include "style.hpp"

namespace taskonomy::scenes {
namespace {

/// Filmic curve after Narkowicz's fit of the ACES reference; 0 -> 0, large -> 1.
float filmic(float x) { return clamp01(x * (2.51F * x + 0.03F) / (x * (2.43F * x + 0.59F) + 0.14F)); }

/// The factor by which a camera's automatics scale each channel: mean brightness becomes `key`, highlights
/// are kept, `balance` of the colour cast is removed (0..1, in logarithms).
Vec3 automatics(const std::vector<Vec3>& pixels, float key, float balance) {
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
  const float scale = std::min(key / std::max(middle, 1e-4F), 1.5F / std::max(*high, 1e-4F));
  const float y = std::max(luminance(mean), 1e-6F);
  const auto gain = [&](float channel) { return std::pow(y / std::max(channel, 1e-6F), balance); };
  return Vec3{gain(mean.x), gain(mean.y), gain(mean.z)} * scale;
}

/// Gives a share of each pixel to each of its two neighbours, across and down.
template <typename Value>
void soften(std::vector<Value>& pixels, int side, float across, float down) {
  const auto at = [&](int r, int c) { return static_cast<std::size_t>(r * side + c); };
  for (const bool rows : {true, false}) {
    const float share = rows ? across : down;
    for (int i = 0; i < side; ++i) {
      Value before = pixels[rows ? at(i, 0) : at(0, i)];
      for (int j = 0; j < side; ++j) {
        Value& here = pixels[rows ? at(i, j) : at(j, i)];
        const Value own = here, after = j + 1 < side ? pixels[rows ? at(i, j + 1) : at(j + 1, i)] : own;
        here = own * (1.0F - 2.0F * share) + (before + after) * share;
        before = own;
      }
    }
  }
}

/// Softness of a good lens. It keeps edges thinner than a pixel from breaking up into dots.
constexpr float kSoftLens = 0.13F;

std::vector<std::uint8_t> develop_plain(std::vector<Vec3> radiance, int side, Rng& rng) {
  soften(radiance, side, kSoftLens, kSoftLens);
  const Vec3 scale = automatics(radiance, rng.range(0.19F, 0.27F), 0.5F);
  const std::size_t area = radiance.size();
  std::vector<std::uint8_t> rgb(3 * area);
  for (std::size_t i = 0; i < area; ++i) {
    const Vec3 p = radiance[i] * scale;
    rgb[i] = to_srgb(filmic(p.x));
    rgb[area + i] = to_srgb(filmic(p.y));
    rgb[2 * area + i] = to_srgb(filmic(p.z));
  }
  return rgb;
}

/// A random number of mean 0 and deviation 1, bell-shaped enough for noise.
float bell(Rng& rng) { return 2.0F * (rng.uniform() + rng.uniform() + rng.uniform() - 1.5F); }

/// One camera and one shot of the varied look.
class Shot {
 public:
  explicit Shot(Rng& rng) : rng_(rng) {
    key_ = 0.13F * std::exp2(std::clamp(0.8F * bell(rng), -2.0F, 1.8F));
    balance_ = rng.range(0.1F, 0.9F);
    filter_ = {std::exp2(rng.range(-0.2F, 0.35F)), std::exp2(rng.range(-0.1F, 0.1F)),
               std::exp2(rng.range(-0.4F, 0.3F))};
    vignette_ = rng.chance(0.5F) ? rng.range(0.0F, 0.45F) : 0.0F;
    // Strengths are of a picture as small as this one: that of a sensor with a hundred times the pixels has
    // averaged most of its noise away.
    const float noise = 0.02F * std::pow(rng.uniform(), 3.0F);
    shot_noise_ = noise;
    read_noise_ = noise * rng.range(0.05F, 0.3F);
    blotch_ = noise * rng.range(0.0F, 1.5F);
    film_ = rng.range(0.3F, 1.0F);
    contrast_ = rng.range(-0.1F, 0.9F);
    haze_ = rng.chance(0.15F) ? rng.range(0.0F, 0.1F) : 0.0F;
    black_ = rng.chance(0.6F) ? rng.range(0.0F, 0.1F) : 0.0F;
    saturation_ = rng.range(0.5F, 1.6F);
    sharpening_ = rng.chance(0.75F) ? rng.range(0.0F, 1.0F) : 0.0F;
  }

  std::vector<std::uint8_t> take(std::vector<Vec3> radiance, int side) {
    blur(radiance, side);
    expose(radiance, side);
    add_noise(radiance, side);
    for (Vec3& pixel : radiance) pixel = toned(pixel);
    sharpen(radiance, side);
    return bytes_of(radiance);
  }

 private:
  /// Out of focus a little, or moved across or down.
  void blur(std::vector<Vec3>& pixels, int side) {
    const float lens = rng_.range(0.0F, kSoftLens);
    soften(pixels, side, lens, lens);
    if (!rng_.chance(0.2F)) return;
    const float focus = rng_.range(0.0F, 0.22F), moved = rng_.chance(0.3F) ? rng_.range(0.0F, 0.3F) : 0.0F;
    const bool across = rng_.chance(0.6F);
    soften(pixels, side, std::min(focus + (across ? moved : 0.0F), 0.33F),
           std::min(focus + (across ? 0.0F : moved), 0.33F));
  }

  void expose(std::vector<Vec3>& pixels, int side) const {
    const Vec3 scale = automatics(pixels, key_, balance_) * filter_;
    const float half = 0.5F * static_cast<float>(side);
    for (std::size_t i = 0; i < pixels.size(); ++i) {
      const float x = (static_cast<float>(i % static_cast<std::size_t>(side)) + 0.5F) / half - 1.0F,
                  y = (static_cast<float>(i / static_cast<std::size_t>(side)) + 0.5F) / half - 1.0F;
      const float fall = 1.0F + vignette_ * 0.5F * (x * x + y * y);
      pixels[i] = pixels[i] * scale * (1.0F / (fall * fall));
    }
  }

  /// Photon noise grows with the root of the light; the sensor's own does not; what a noise filter leaves is
  /// coarse and coloured.
  void add_noise(std::vector<Vec3>& pixels, int side) {
    if (shot_noise_ < 0.002F) return;
    const int cells = side / 6 + 2;
    std::vector<Vec3> coarse(static_cast<std::size_t>(cells * cells));
    for (Vec3& c : coarse) c = Vec3{bell(rng_), 0.3F * bell(rng_), bell(rng_)} * blotch_;
    for (int row = 0; row < side; ++row) {
      for (int column = 0; column < side; ++column) {
        Vec3& p = pixels[static_cast<std::size_t>(row * side + column)];
        const auto noisy = [&](float x) {
          const float light = std::max(x, 0.0F);
          return bell(rng_) * (read_noise_ + shot_noise_ * std::sqrt(light));
        };
        const float y = luminance(p);
        p += Vec3{noisy(p.x), noisy(p.y), noisy(p.z)} + between(coarse, cells, row, column) * std::sqrt(y);
      }
    }
  }

  /// The coarse grid's value at a pixel, interpolated.
  static Vec3 between(const std::vector<Vec3>& grid, int cells, int row, int column) {
    const float y = static_cast<float>(row) / 6.0F, x = static_cast<float>(column) / 6.0F;
    const int iy = static_cast<int>(y), ix = static_cast<int>(x);
    const auto at = [&](int r, int c) { return grid[static_cast<std::size_t>(r * cells + c)]; };
    const float fx = x - static_cast<float>(ix), fy = y - static_cast<float>(iy);
    return mix(mix(at(iy, ix), at(iy, ix + 1), fx), mix(at(iy + 1, ix), at(iy + 1, ix + 1), fx), fy);
  }

  /// From linear light to the picture's values, 0..1 in sRGB terms.
  [[nodiscard]] Vec3 toned(Vec3 p) const {
    const float y = luminance(p);
    const auto channel = [&](float x) {
      x = std::max(0.0F, y + saturation_ * (x - y));
      const float plain = x < 0.8F ? x : 1.0F - 0.2F * std::exp(-(x - 0.8F) / 0.2F);  // rolls off into white
      float s = std::pow(mix(plain, filmic(x), film_), 1.0F / 2.2F);
      s += contrast_ * s * (1.0F - s) * (2.0F * s - 1.0F) * 1.5F;
      s = (s - black_) / (1.0F - black_);
      return haze_ + (1.0F - haze_) * s;
    };
    return {channel(p.x), channel(p.y), channel(p.z)};
  }

  /// Adds what a blur takes away, with its halo along edges.
  void sharpen(std::vector<Vec3>& pixels, int side) const {
    if (sharpening_ <= 0.0F) return;
    std::vector<Vec3> blurred = pixels;
    soften(blurred, side, 0.25F, 0.25F);
    for (std::size_t i = 0; i < pixels.size(); ++i) {
      const float edge = sharpening_ * luminance(pixels[i] - blurred[i]);
      pixels[i] += Vec3{edge, edge, edge};
    }
  }

  static std::vector<std::uint8_t> bytes_of(const std::vector<Vec3>& pixels) {
    const std::size_t area = pixels.size();
    const auto byte = [](float x) { return static_cast<std::uint8_t>(255.0F * clamp01(x) + 0.5F); };
    std::vector<std::uint8_t> rgb(3 * area);
    for (std::size_t i = 0; i < area; ++i) {
      rgb[i] = byte(pixels[i].x);
      rgb[area + i] = byte(pixels[i].y);
      rgb[2 * area + i] = byte(pixels[i].z);
    }
    return rgb;
  }

  Rng& rng_;
  float key_, balance_;  ///< what the automatics aim at, and how much of a cast they remove
  Vec3 filter_;          ///< what the white balance gets wrong
  float vignette_;       ///< how much darker corners are
  float shot_noise_, read_noise_, blotch_;  ///< deviations at a linear value of 1
  float film_;                              ///< 0: a plain gamma curve, 1: the filmic one
  float contrast_, haze_, black_, saturation_, sharpening_;
};

}  // namespace

std::vector<std::uint8_t> develop(std::vector<Vec3> radiance, int side, Look look, Rng& rng) {
  if (look == Look::plain) return develop_plain(std::move(radiance), side, rng);
  return Shot(rng).take(std::move(radiance), side);
}

}  // namespace taskonomy::scenes
