#include <taskonomy/sdk/augment.hpp>

#include <vector>

namespace taskonomy::sdk {

namespace {

// Names of torch::grid_sampler's options, which are numbers.
constexpr std::int64_t kBilinear = 0, kNearest = 1, kBorder = 1;

/// A share of a pixel that is no more than rounding.
constexpr double kRounding = 1e-3;

}  // namespace

Augment::~Augment() = default;
bool Augment::allows_colour() const { return true; }

torch::Tensor warp(const torch::Tensor& pixels, const Augmentation& how, Sampling sampling) {
  const torch::Tensor values = pixels.to(torch::kFloat32).contiguous();
  const std::int64_t mode = sampling == Sampling::nearest ? kNearest : kBilinear;
  return torch::grid_sampler(values, how.grid, mode, kBorder, /*align_corners=*/false)
      .to(pixels.scalar_type());
}

Example warp_pixels(const Example& originals, const Augmentation& how, Sampling sampling) {
  Example warped;
  const torch::Tensor& mask = originals.mask;
  const bool by_pixel = mask.defined() && mask.dim() == 4;
  const torch::Tensor target =
      by_pixel ? torch::where(mask, originals.target, torch::zeros({}, originals.target.options()))
               : originals.target;
  warped.target = warp(target, how, sampling);
  warped.mask = by_pixel ? warp(mask.to(torch::kFloat32), how, sampling) > 1.0 - kRounding : mask;
  return warped;
}

torch::Tensor per_image(const torch::Tensor& values, std::int64_t dimensions) {
  std::vector<std::int64_t> shape(static_cast<std::size_t>(dimensions), 1);
  shape.front() = values.size(0);
  return values.reshape(shape);
}

}  // namespace taskonomy::sdk
