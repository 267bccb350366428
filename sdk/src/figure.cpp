#include <taskonomy/sdk/figure.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>

#include <taskonomy/sdk/modality.hpp>

namespace taskonomy::sdk {

namespace {

constexpr Colour kInk{32, 32, 36}, kTrack{232, 233, 236}, kFilled{74, 124, 178};

Mark bar(float top, float length, const Colour& colour) {
  constexpr float kLeft = 0.04F, kWidth = 0.92F, kHeight = 0.09F;
  const float right = kLeft + kWidth * length, bottom = top + kHeight;
  return {Mark::Kind::area, {{kLeft, top}, {right, top}, {right, bottom}, {kLeft, bottom}}, colour};
}

}  // namespace

Illustrate::~Illustrate() = default;

Lens::Lens(const Sample& sample, std::int64_t side) {
  constexpr float kFocal = 0.866F;  // of 60 degrees, in sides
  shares_ = {kFocal, kFocal, 0.5F, 0.5F};
  if (!has(sample, "intrinsics")) return;
  const torch::Tensor camera =
      require(sample, "intrinsics").to(torch::kFloat32)[0] / static_cast<double>(side);
  shares_ = {camera[0][0].item<float>(), camera[1][1].item<float>(), camera[0][2].item<float>(),
             camera[1][2].item<float>()};
}

Point Lens::at(float x, float y) const { return {shares_[0] * x + shares_[2], shares_[1] * y + shares_[3]}; }

void Lens::add(std::vector<Mark>& marks, const torch::Tensor& from, const torch::Tensor& to,
               const Colour& colour, Mark::Kind kind) const {
  constexpr float kNear = 0.05F;  // metres
  torch::Tensor p = from.to(torch::kFloat32), q = to.to(torch::kFloat32);
  if (!torch::isfinite(p).all().item<bool>() || !torch::isfinite(q).all().item<bool>()) return;
  const float p_depth = p[2].item<float>(), q_depth = q[2].item<float>();
  if (p_depth < kNear && q_depth < kNear) return;
  const torch::Tensor at_near = p + (q - p) * ((kNear - p_depth) / (q_depth - p_depth));
  if (p_depth < kNear) p = at_near;
  if (q_depth < kNear) q = at_near;
  const auto seen = [&](const torch::Tensor& point) {
    const float depth = point[2].item<float>();
    return at(point[0].item<float>() / depth, point[1].item<float>() / depth);
  };
  marks.push_back({kind, {seen(p), seen(q)}, colour});
}

torch::Tensor draw_marks(const std::vector<Mark>& marks, std::int64_t side) {
  Canvas canvas(side, 0.5F);
  for (const Mark& mark : marks)
    for (std::size_t i = 1; i < mark.points.size(); ++i)
      canvas.line({mark.points[i - 1].x - 0.5F, mark.points[i - 1].y - 0.5F},
                  {mark.points[i].x - 0.5F, mark.points[i].y - 0.5F}, mark.colour);
  return canvas.picture();
}

Figure class_figure(const torch::Tensor& shares, const std::vector<std::string>& names, std::size_t most) {
  const torch::Tensor numbers = shares.detach().to(torch::kCPU, torch::kFloat32).contiguous();
  if (numbers.dim() != 1 || numbers.numel() != static_cast<std::int64_t>(names.size()))
    throw std::invalid_argument("class_figure: expected one share for each of the " +
                                std::to_string(names.size()) + " names");
  const auto [values, ids] =
      numbers.topk(std::min<std::int64_t>(static_cast<std::int64_t>(most), numbers.numel()));
  Figure figure{.ground = Ground::paper};
  for (std::int64_t rank = 0; rank < values.numel(); ++rank) {
    const float share = std::clamp(values[rank].item<float>(), 0.0F, 1.0F);
    if (share < 0.005F) break;
    const auto id = ids[rank].item<std::int64_t>();
    const float top = 0.08F + static_cast<float>(rank) * 0.9F / static_cast<float>(most);
    const std::string percent = std::to_string(std::lround(100.0F * share)) + " %";
    figure.marks.push_back(
        {Mark::Kind::word, {{0.04F, top}}, kInk, names[static_cast<std::size_t>(id)] + "  " + percent, true});
    figure.marks.push_back(bar(top + 0.08F, 1.0F, kTrack));
    figure.marks.push_back(bar(top + 0.08F, share, kFilled));
  }
  return figure;
}

Figure segmentation_figure(const torch::Tensor& classes, const std::vector<std::string>& names,
                           const torch::Tensor& mask) {
  Figure figure{.picture = draw_classes(classes, mask), .hard_pixels = true};
  torch::Tensor seen = classes.detach().to(torch::kCPU, torch::kInt64).clamp_min(0).flatten();
  if (mask.defined()) seen = seen.masked_select(mask.to(torch::kCPU, torch::kBool).flatten());
  if (seen.numel() == 0) return figure;
  const auto [counts, ids] = torch::bincount(seen).sort(0, true);
  for (std::int64_t rank = 0; rank < ids.numel() && counts[rank].item<std::int64_t>() > 0; ++rank) {
    const auto id = ids[rank].item<std::int64_t>();
    if (id < static_cast<std::int64_t>(names.size()))
      figure.key.push_back({class_colour(id), names[static_cast<std::size_t>(id)]});
  }
  return figure;
}

Figure quantity_figure(const torch::Tensor& values, std::string unit, const torch::Tensor& mask) {
  torch::Tensor known = values.detach().to(torch::kCPU, torch::kFloat32);
  if (mask.defined())
    known = torch::where(mask.to(torch::kCPU, torch::kBool).reshape_as(known), known,
                         torch::full({}, std::numeric_limits<float>::quiet_NaN()));
  return {.ground = Ground::quantity, .quantity = known, .unit = std::move(unit)};
}

}  // namespace taskonomy::sdk
