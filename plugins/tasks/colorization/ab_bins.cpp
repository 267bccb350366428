#include "ab_bins.hpp"

#include <vector>

#include <taskonomy/sdk/toolbox/colour.hpp>

namespace taskonomy::colorization {

namespace {

constexpr std::int64_t kUnits = 2 * kMostChroma + 1;

/// a*, b* [2,n] of 8-bit colours on the surface of the RGB cube: every third level finds each cell that all find.
torch::Tensor surface_colours() {
  const torch::Tensor level = torch::arange(0, 256, 3, torch::kFloat32);
  const std::vector<torch::Tensor> face = torch::meshgrid({level, level}, "ij");
  std::vector<torch::Tensor> colours;
  for (std::size_t fixed = 0; fixed < 3; ++fixed) {
    for (const double end : {0.0, 255.0}) {
      std::vector<torch::Tensor> rgb(face);
      rgb.insert(rgb.begin() + static_cast<std::ptrdiff_t>(fixed), torch::full_like(face[0], end));
      colours.push_back(sdk::lab_from_rgb(torch::stack(rgb)).slice(0, 1).flatten(1));
    }
  }
  return torch::cat(colours, 1);
}

}  // namespace

torch::Tensor gamut_bins() {
  const torch::Tensor cell = torch::round(surface_colours() / kBinSize).to(torch::kInt64);
  constexpr std::int64_t kReach = 16;  // cells on each side of 0
  const torch::Tensor key = (cell[0] + kReach) * (2 * kReach) + cell[1] + kReach;
  const torch::Tensor found = std::get<0>(torch::_unique(key, true));
  const torch::Tensor a = found.floor_divide(2 * kReach) - kReach, b = found.remainder(2 * kReach) - kReach;
  return torch::stack({a, b}, 1).to(torch::kFloat32) * kBinSize;
}

// Filled, not only reserved, so that a task holds as much from its beginning as at its end.
SoftCode::SoftCode(const torch::Tensor& bins)
    : bins_(bins),
      b_squares_(
          (torch::arange(-kMostChroma, kMostChroma + 1, torch::kFloat32).unsqueeze(1) - bins.select(1, 1))
              .square()),
      bin_(torch::full({kUnits * kUnits, kNeighbours}, -1, torch::kInt64)),
      share_(torch::full({kUnits * kUnits, kNeighbours}, -1.0, torch::kFloat32)),
      made_(kUnits, false) {}

void SoftCode::make_rows(const torch::Tensor& a) const {
  const torch::NoGradGuard no_grad;
  const torch::Tensor values = a.to(torch::kCPU, torch::kInt64).contiguous().flatten();
  const std::lock_guard<std::mutex> lock(making_);
  for (std::int64_t i = 0; i < values.numel(); ++i) {
    const std::int64_t row = values.data_ptr<std::int64_t>()[i] + kMostChroma;
    if (made_[static_cast<std::size_t>(row)]) continue;
    const torch::Tensor squares =
        (static_cast<double>(row - kMostChroma) - bins_.select(1, 0)).square() + b_squares_;
    const auto [square, bin] = squares.topk(kNeighbours, 1, false, true);
    bin_.slice(0, row * kUnits, (row + 1) * kUnits).copy_(bin);
    share_.slice(0, row * kUnits, (row + 1) * kUnits)
        .copy_(torch::softmax(-square / (2.0 * kSpread * kSpread), 1));
    made_[static_cast<std::size_t>(row)] = true;
  }
}

SoftCode::Code SoftCode::of(const torch::Tensor& ab) const {
  // On a GPU the whole table at once: looking at the colours would wait for it in every step.
  make_rows(ab.is_cpu() ? ab.select(1, 0) : torch::arange(-kMostChroma, kMostChroma + 1));
  const torch::Tensor unit = ab.to(torch::kInt64) + kMostChroma;
  const torch::Tensor row = (unit.select(1, 0) * kUnits + unit.select(1, 1)).flatten();
  const auto shape = [&](const torch::Tensor& table) {
    return table.to(ab.device())
        .index_select(0, row)
        .view({ab.size(0), ab.size(2), ab.size(3), kNeighbours})
        .permute({0, 3, 1, 2});
  };
  return {shape(bin_), shape(share_)};
}

torch::Tensor rarity_weights(const torch::Tensor& bins, double mean_chroma) {
  const torch::Tensor prior = torch::softmax(-2.0 / mean_chroma * bins.norm(2, 1), 0);
  const torch::Tensor weights = 1.0 / (0.5 * prior + 0.5 / static_cast<double>(bins.size(0)));
  return weights / (prior * weights).sum();
}

}  // namespace taskonomy::colorization
