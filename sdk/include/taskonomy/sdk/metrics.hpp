// Metrics of pixel tasks, for authors whose task reports more than its loss: statistics per image over masked
// pixels, and two ready sets of metrics to inherit beside PixelTask (L1Metric, ImageMetrics).
#pragma once

#include <string>
#include <vector>

#include <taskonomy/sdk/torch.hpp>

#include <taskonomy/sdk/detail/api.hpp>
#include <taskonomy/sdk/extensions.hpp>

namespace taskonomy::sdk {

/// Mean of values [B,...] over all but the first dimension, where mask (bool [B,1,H,W] or undefined) is true
/// -> float32 [B], NaN where the mask of an image is empty.
[[nodiscard]] TX_API torch::Tensor mean_per_image(const torch::Tensor& values, const torch::Tensor& mask);

/// The median in place of the mean; of an even number of values the lower one.
[[nodiscard]] TX_API torch::Tensor median_per_image(const torch::Tensor& values, const torch::Tensor& mask);

/// The metric of tasks of plain strength, such as edges or shading, "l1": mean |prediction - target| over
/// channels and masked pixels, in the label's own unit. Inherit it publicly beside PixelTask, which then
/// offers it.
class TX_API L1Metric : public Metrics {
 public:
  /// A difference of 1 between labels is `unit_per_step` in the unit `unit`.
  explicit L1Metric(double unit_per_step, std::string unit = "");
  ~L1Metric() override;
  [[nodiscard]] const std::vector<Metric>& metrics() const noexcept override { return metrics_; }
  [[nodiscard]] torch::Tensor measure(const torch::Tensor& prediction, const torch::Tensor& target,
                                      const torch::Tensor& mask) const override;

 private:
  double unit_per_step_;
  std::vector<Metric> metrics_;
};

/// Metrics of tasks whose label is an image (autoencoding, denoising, inpainting): predictions and labels
/// [B,C,H,W] in [-1,1]. Inherit it publicly beside PixelTask.
///   "psnr"  10 log10(peak^2 / mean squared error), dB, where peak is the range of intensities; higher is
///           better, at most 100 (a perfect copy would have infinity)
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
