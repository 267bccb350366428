#include "core/transfer/principal_components.hpp"

#include <algorithm>
#include <string>

#include "core/base/error.hpp"

namespace taskonomy::transfer {

namespace {

/// Variances below this share of the largest are rounding noise of float32 features.
constexpr double kNoise = 1e-10;

/// Sums over places of x and x x', float64.
struct Moments {
  torch::Tensor sum, products;  ///< [K], [K,K]
  double count = 0.0;

  void add(const torch::Tensor& places) {  // [n,K]
    if (!sum.defined()) {
      sum = torch::zeros({places.size(1)}, places.options());
      products = torch::zeros({places.size(1), places.size(1)}, places.options());
    }
    sum += places.sum(0);
    products.addmm_(places.t(), places);
    count += static_cast<double>(places.size(0));
  }
};

torch::Tensor evenly_spread(std::int64_t size, std::int64_t most) {
  const std::int64_t count = std::min(size, most);
  return torch::arange(count).mul(size).div(count, "floor");
}

Moments moments_of(network::PretrainedEncoder& encoder, const data::ExampleSet& examples, std::int64_t batch,
                   const network::Hardware& hardware) {
  Moments moments;
  if (examples.size(data::Split::transfer) == 0) throw base::Error("the transfer split has no image");
  const auto chosen = evenly_spread(examples.size(data::Split::transfer), kFittingImages);
  for (const auto& indices : chosen.split(batch)) {
    const auto maps = encoder.features(examples.inputs(data::Split::transfer, indices, hardware.device));
    if (maps.size(1) > kMostFeatures)
      throw base::Error(
          "the network gives " + std::to_string(maps.size(1)) + " features, at most " +
          std::to_string(kMostFeatures) +
          " can be projected; choose an earlier output, or a feature map instead of a flat one");
    moments.add(maps.permute({0, 2, 3, 1}).flatten(0, 2).to(torch::kFloat64));
  }
  return moments;
}

/// Each column's sign such that its largest component is positive: eigenvectors have none of their own.
torch::Tensor with_signs(const torch::Tensor& vectors) {
  const auto largest = vectors.gather(0, vectors.abs().argmax(0, /*keepdim=*/true));
  return vectors * largest.sign();
}

}  // namespace

network::Projection principal_components(network::PretrainedEncoder& encoder,
                                         const data::ExampleSet& examples, std::int64_t channels,
                                         std::int64_t batch, const network::Hardware& hardware) {
  const torch::NoGradGuard no_grad;
  const Moments moments = moments_of(encoder, examples, batch, hardware);
  const auto mean = moments.sum / moments.count;
  const auto covariance = (moments.products / moments.count - torch::outer(mean, mean)).cpu();
  const auto [variances, vectors] = torch::linalg_eigh(covariance, "L");  // ascending
  const double largest = variances[-1].item<double>();
  if (!(largest > kNoise * mean.square().sum().item<double>()))
    throw base::Error("the network gives the same features for every image");

  const std::int64_t kept = std::min(channels, variances.size(0));
  const auto top = variances.flip(0).narrow(0, 0, kept);
  const auto scale =
      torch::where(top > kNoise * largest, top.clamp_min(kNoise * largest).rsqrt(), torch::zeros_like(top));
  auto basis = torch::zeros({variances.size(0), channels}, torch::kFloat64);
  basis.narrow(1, 0, kept).copy_(with_signs(vectors.flip(1).narrow(1, 0, kept)) * scale);
  return {mean.to(hardware.device, torch::kFloat32), basis.to(hardware.device, torch::kFloat32)};
}

}  // namespace taskonomy::transfer
