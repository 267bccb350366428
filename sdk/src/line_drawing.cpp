#include <taskonomy/sdk/line_drawing.hpp>

#include <algorithm>
#include <cmath>

namespace taskonomy::sdk {

namespace {

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
