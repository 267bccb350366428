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

/// The colour of class `id`: hue by the golden angle, three levels of brightness in turn.
Intensities class_colour(std::int64_t id) {
  const double hue = std::fmod(static_cast<double>(id) * 0.6180339887498949, 1.0) * 6.0;
  const double value = std::array{1.0, 0.72, 0.5}[static_cast<std::size_t>(id % 3)];
  const double saturation = id % 2 == 0 ? 0.75 : 0.5;
  Intensities colour{};
  for (int channel = 0; channel < 3; ++channel) {
    const double k =
        std::fmod(5.0 - 2.0 * channel + hue, 6.0);  // hue to RGB: A. R. Smith 1978, in closed form
    colour[static_cast<std::size_t>(channel)] =
        static_cast<float>(255.0 * value * (1.0 - saturation * std::max(0.0, std::min({k, 4.0 - k, 1.0}))));
  }
  return colour;
}

torch::Tensor palette(std::int64_t classes) {
  torch::Tensor colours = torch::empty({classes, 3});
  for (std::int64_t id = 0; id < classes; ++id) {
    const Intensities colour = class_colour(id);
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
    const Intensities colour = class_colour(id);
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
