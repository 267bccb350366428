// Metrics of tasks whose label is an image (autoencoding, denoising, inpainting).
#pragma once

#include <vector>

#include <taskonomy/sdk/torch.hpp>

#include <taskonomy/sdk/export.hpp>
#include <taskonomy/sdk/extensions.hpp>

namespace taskonomy::sdk {

/// For predictions and labels [B,C,H,W] in [-1,1]; to be inherited publicly beside PixelTask.
///   "psnr"  10 log10(peak^2 / mean squared error), dB, where peak is the range of intensities; higher is
///           better, 100 at most (a perfect copy would have infinity)
///   "l1"    mean absolute error of intensities in 0..1
class TX_API ImageMetrics : public Metrics {
 public:
  ~ImageMetrics() override;
  [[nodiscard]] const std::vector<Metric>& metrics() const noexcept override { return metrics_; }
  [[nodiscard]] torch::Tensor measure(const torch::Tensor& prediction, const torch::Tensor& target,
                                      const torch::Tensor& mask) const override;

 private:
  std::vector<Metric> metrics_{{"psnr", "dB", true}, {"l1", "", false}};
};

}  // namespace taskonomy::sdk
