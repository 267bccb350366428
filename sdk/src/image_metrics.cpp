#include <taskonomy/sdk/image_metrics.hpp>

#include <taskonomy/sdk/pixel_metrics.hpp>

namespace taskonomy::sdk {

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
