#include <taskonomy/sdk/toolbox/drawing.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

namespace taskonomy::sdk {

namespace {

constexpr double kMaskedGrey = 128.0;

/// values as float32 [C,H,W] in 0..1 and the pixels that can be drawn.
struct Prepared {
  torch::Tensor share;  ///< float32 [C,H,W], 0 where nothing is known
  torch::Tensor known;  ///< bool [1,H,W]
};

Prepared prepare(const torch::Tensor& values, std::int64_t channels, double low, double high,
                 const torch::Tensor& mask) {
  if (values.dim() != 3 || values.size(0) != channels) {
    throw std::invalid_argument("drawing: expected " + std::to_string(channels) + " channels [C,H,W]");
  }
  const torch::Tensor numbers = values.detach().to(torch::kCPU, torch::kFloat32);
  torch::Tensor known = torch::isfinite(numbers).all(0, true);
  if (mask.defined()) known = known.logical_and(mask.to(torch::kCPU, torch::kBool).reshape_as(known));
  const torch::Tensor share = ((numbers - low) / (high - low)).clamp(0.0, 1.0);
  return {torch::where(known, share, torch::zeros({})), known};
}

/// RGB 0..255 as float -> uint8 with grey where nothing is known.
torch::Tensor finish(const torch::Tensor& rgb, const torch::Tensor& known) {
  return torch::where(known, rgb.round(), torch::full({}, kMaskedGrey)).to(torch::kUInt8).contiguous();
}

using Intensities = std::array<float, 3>;  ///< red, green, blue in 0..255

torch::Tensor palette(std::int64_t classes) {
  torch::Tensor colours = torch::empty({classes, 3});
  for (std::int64_t id = 0; id < classes; ++id) {
    const Colour colour = class_colour(id);
    for (std::int64_t channel = 0; channel < 3; ++channel) {
      colours[id][channel] = colour[static_cast<std::size_t>(channel)];
    }
  }
  return colours;
}

constexpr int kBackground = 72;  ///< darker than the grey of what is masked

/// The share of a segment p + t (q - p), t in 0..1, for which `low` and `high` keep the coordinate within
/// -bound..bound. An empty one has begin > end.
struct Share {
  float begin = 0.0F, end = 1.0F;
  void keep(float p, float q, float bound) {
    for (const float sign : {-1.0F, 1.0F}) {
      // sign * (p + t (q - p)) <= bound
      const float room = bound - sign * p, climb = sign * (q - p);
      if (climb > 0.0F)
        end = std::min(end, room / climb);
      else if (climb < 0.0F)
        begin = std::max(begin, room / climb);
      else if (room < 0.0F)
        end = -1.0F;
    }
  }
};

Point between(Point p, Point q, float t) { return {p.x + t * (q.x - p.x), p.y + t * (q.y - p.y)}; }

}  // namespace

// Oklab (B. Ottosson 2020), in which equal lightness looks equally light whatever the hue. Chroma .12 is in sRGB's
// gamut at almost every hue of these lightnesses; the rest is clipped.
Colour class_colour(std::int64_t id) {
  if (id == 0) return {214, 216, 220};
  const double hue = 2.0 * M_PI * std::fmod(static_cast<double>(id) * 0.6180339887498949, 1.0);
  const double lightness = std::array{0.78, 0.63, 0.47}[static_cast<std::size_t>(id % 3)];
  const double chroma = id % 2 == 0 ? 0.13 : 0.09;
  const double a = chroma * std::cos(hue), b = chroma * std::sin(hue);
  const auto cubed = [](double root) { return root * root * root; };
  const double l = cubed(lightness + 0.3963377774 * a + 0.2158037573 * b);
  const double m = cubed(lightness - 0.1055613458 * a - 0.0638541728 * b);
  const double s = cubed(lightness - 0.0894841775 * a - 1.2914855480 * b);
  const auto encoded = [](double linear) {
    const double value = std::clamp(linear, 0.0, 1.0);
    const double srgb = value <= 0.0031308 ? 12.92 * value : 1.055 * std::pow(value, 1.0 / 2.4) - 0.055;
    return static_cast<std::uint8_t>(std::lround(255.0 * srgb));
  };
  return {encoded(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
          encoded(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
          encoded(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s)};
}

torch::Tensor draw_grey(const torch::Tensor& values, double low, double high, const torch::Tensor& mask) {
  const Prepared prepared = prepare(values, 1, low, high, mask);
  return finish((prepared.share * 255.0).expand({3, values.size(1), values.size(2)}), prepared.known);
}

torch::Tensor draw_rgb(const torch::Tensor& values, double low, double high, const torch::Tensor& mask) {
  const Prepared prepared = prepare(values, 3, low, high, mask);
  return finish(prepared.share * 255.0, prepared.known);
}

torch::Tensor draw_scale(const torch::Tensor& values, double low, double high, const torch::Tensor& mask) {
  static constexpr std::array<Intensities, 9> kScale{{{68, 1, 84},
                                                      {71, 44, 122},
                                                      {59, 81, 139},
                                                      {44, 113, 142},
                                                      {33, 144, 141},
                                                      {39, 173, 129},
                                                      {92, 200, 99},
                                                      {170, 220, 50},
                                                      {253, 231, 37}}};
  const Prepared prepared = prepare(values, 1, low, high, mask);
  const torch::Tensor colours =
      torch::from_blob(const_cast<Intensities*>(kScale.data()), {9, 3}, torch::kFloat32).clone();
  const torch::Tensor place = prepared.share.squeeze(0) * 8.0;
  const torch::Tensor lower = place.floor().clamp(0.0, 7.0);
  const torch::Tensor part = (place - lower).unsqueeze(-1);
  const torch::Tensor index = lower.to(torch::kInt64);
  const torch::Tensor rgb = colours.index({index}) * (1.0 - part) + colours.index({index + 1}) * part;
  return finish(rgb.permute({2, 0, 1}), prepared.known);
}

torch::Tensor draw_classes(const torch::Tensor& classes, const torch::Tensor& mask) {
  const Prepared prepared = prepare(classes, 1, 0.0, 1.0, mask);
  const torch::Tensor ids = classes.detach().to(torch::kCPU, torch::kInt64).squeeze(0).clamp_min(0);
  const torch::Tensor rgb = palette(ids.max().item<std::int64_t>() + 1).index({ids});
  return finish(rgb.permute({2, 0, 1}), prepared.known);
}

torch::Tensor draw_bars(const torch::Tensor& scores, std::int64_t side, const torch::Tensor& mask) {
  if (scores.dim() != 1 || scores.numel() == 0) throw std::invalid_argument("draw_bars: expected scores [C]");
  torch::Tensor picture = torch::full({3, side, side}, 255, torch::kUInt8);
  const bool known = !mask.defined() || mask.to(torch::kCPU, torch::kBool).all().item<bool>();
  if (!known) return picture.fill_(static_cast<int>(kMaskedGrey));
  const torch::Tensor shares =
      scores.detach().to(torch::kCPU, torch::kFloat32).nan_to_num(0.0).clamp_min(0.0);
  const float most = std::max(1e-12F, shares.max().item<float>());
  const std::int64_t count = shares.size(0);
  for (std::int64_t id = 0; id < count; ++id) {
    const std::int64_t left = id * side / count, right = std::max(left + 1, (id + 1) * side / count);
    const auto height =
        static_cast<std::int64_t>(std::lround(shares[id].item<float>() / most * static_cast<float>(side)));
    const Colour colour = class_colour(id);
    for (std::int64_t channel = 0; channel < 3 && height > 0; ++channel) {
      picture[channel]
          .slice(0, side - height, side)
          .slice(1, left, right)
          .fill_(static_cast<int>(colour[static_cast<std::size_t>(channel)]));
    }
  }
  return picture;
}

Canvas::Canvas(std::int64_t side, float reach)
    : picture_(torch::full({3, side, side}, kBackground, torch::kUInt8)), side_(side), reach_(reach) {}

void Canvas::line(Point from, Point to, const Colour& colour) {
  Share share;
  share.keep(from.x, to.x, reach_);
  share.keep(from.y, to.y, reach_);
  if (!(share.begin <= share.end)) return;  // also where a coordinate is NaN
  const Point p = between(from, to, share.begin), q = between(from, to, share.end);
  const auto pixels = static_cast<float>(side_);
  const float scale = 0.5F * pixels / reach_, radius = std::max(0.5F, pixels / 96.0F);
  const int steps = 1 + static_cast<int>(2.0F * scale * std::hypot(q.x - p.x, q.y - p.y));
  auto access = picture_.accessor<std::uint8_t, 3>();
  for (int step = 0; step <= steps; ++step) {
    const Point at = between(p, q, static_cast<float>(step) / static_cast<float>(steps));
    const float x = (at.x + reach_) * scale, y = (at.y + reach_) * scale;
    const auto first = [&](float centre) { return std::max<std::int64_t>(0, std::lround(centre - radius)); };
    const auto last = [&](float centre) {
      return std::min<std::int64_t>(side_, std::lround(centre + radius));
    };
    for (std::int64_t row = first(y); row < last(y); ++row)
      for (std::int64_t column = first(x); column < last(x); ++column)
        for (std::size_t channel = 0; channel < 3; ++channel)
          access[static_cast<std::int64_t>(channel)][row][column] = colour[channel];
  }
}

void Canvas::edge(const torch::Tensor& from, const torch::Tensor& to, const Colour& colour) {
  constexpr float kNear = 0.05F;  // metres
  torch::Tensor p = from.to(torch::kFloat32), q = to.to(torch::kFloat32);
  float p_depth = p[2].item<float>(), q_depth = q[2].item<float>();
  if (p_depth < q_depth) std::swap(p, q), std::swap(p_depth, q_depth);
  if (!(p_depth > kNear)) return;
  if (q_depth < kNear) {
    q = p + (q - p) * ((p_depth - kNear) / (p_depth - q_depth));
    q_depth = kNear;
  }
  const auto seen = [](const torch::Tensor& point, float depth) {
    return Point{point[0].item<float>() / depth, point[1].item<float>() / depth};
  };
  line(seen(p, p_depth), seen(q, q_depth), colour);
}

}  // namespace taskonomy::sdk
