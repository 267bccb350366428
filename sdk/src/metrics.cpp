#include <taskonomy/sdk/metrics.hpp>

#include <limits>
#include <utility>

#include <taskonomy/sdk/losses.hpp>

namespace taskonomy::sdk {

namespace {

/// The statistic [B] with NaN where an image's mask is empty.
torch::Tensor nan_where_empty(const torch::Tensor& statistic, const torch::Tensor& mask) {
  if (!mask.defined()) return statistic;
  const torch::Tensor any = mask.to(torch::kBool).reshape({mask.size(0), -1}).any(1);
  return torch::where(any, statistic,
                      torch::full({}, std::numeric_limits<float>::quiet_NaN(), statistic.options()));
}

}  // namespace

torch::Tensor mean_per_image(const torch::Tensor& values, const torch::Tensor& mask) {
  return nan_where_empty(masked_mean(values.to(torch::kFloat32), mask), mask);
}

torch::Tensor median_per_image(const torch::Tensor& values, const torch::Tensor& mask) {
  torch::Tensor counted = values.to(torch::kFloat32);
  if (mask.defined()) {
    counted = torch::where(mask.to(torch::kBool), counted,
                           torch::full({}, std::numeric_limits<float>::quiet_NaN(), counted.options()));
  }
  return std::get<0>(counted.flatten(1).nanmedian(1));
}

L1Metric::L1Metric(double unit_per_step, std::string unit)
    : unit_per_step_(unit_per_step), metrics_{{"l1", std::move(unit), false}} {}
L1Metric::~L1Metric() = default;

torch::Tensor L1Metric::measure(const torch::Tensor& prediction, const torch::Tensor& target,
                                const torch::Tensor& mask) const {
  const torch::Tensor loss = l1_loss(prediction, target, mask).to(torch::kFloat32);
  return nan_where_empty(loss * unit_per_step_, mask).unsqueeze(1);
}

ImageMetrics::~ImageMetrics() = default;

torch::Tensor ImageMetrics::measure(const torch::Tensor& prediction, const torch::Tensor& target,
                                    const torch::Tensor& mask) const {
  constexpr double kLeastError = 1e-10;  // 100 dB
  const torch::Tensor difference = (prediction.to(torch::kFloat32) - target.to(torch::kFloat32)) / 2.0;
  const torch::Tensor error = mean_per_image(difference.square(), mask);
  const torch::Tensor psnr = -10.0 * torch::log10(error.clamp_min(kLeastError));
  return torch::stack({psnr, mean_per_image(difference.abs(), mask)}, 1);
}

}  // namespace taskonomy::sdk
