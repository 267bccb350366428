// The ready-made base of tasks whose label is a distance (depth_zbuffer, depth_euclidean): a logarithmic
// label, its drawing and metrics in metres. A plugin that derives from it states the distance.
#pragma once

#include <vector>

#include <taskonomy/sdk/torch.hpp>

#include <taskonomy/sdk/augment.hpp>
#include <taskonomy/sdk/detail/api.hpp>
#include <taskonomy/sdk/extensions.hpp>
#include <taskonomy/sdk/figure.hpp>
#include <taskonomy/sdk/pixel_task.hpp>

namespace taskonomy::sdk {

/// A PixelTask of the distance d in metres.
///   label       2 ln(1 + d) / ln(1 + max_depth) - 1 [1,H,W], clipped to -1..1
///   mask        pixel: the reading is finite and above 0
///   metrics     of prediction p and label d in metres, both at most max_depth: "abs_rel" mean |p - d| / d;
///               "rmse" sqrt(mean (p - d)^2), m; "delta_1.25" share of pixels with max(p/d, d/p) < 1.25, %
///               (Eigen, Puhrsch, Fergus, NIPS 2014)
///   drawing     near is bright yellow, far is dark violet; with Illustrate and depth_figure() over the range
///               that the pictures have, beside a bar in metres
///   parameters  max_depth (10): in metres, from the task's recipe table
class TX_API DepthTask : public PixelTask, public Metrics {
 public:
  ~DepthTask() override;
  [[nodiscard]] Example make_example(const Sample& sample, torch::Generator&) const final;
  [[nodiscard]] const std::vector<Metric>& metrics() const noexcept final;
  [[nodiscard]] torch::Tensor measure(const torch::Tensor& prediction, const torch::Tensor& target,
                                      const torch::Tensor& mask) const final;

 protected:
  DepthTask(TaskInfo info, const TaskContext& context);
  /// Distance [1,H,W] in metres. Anything but a finite number above 0 means that there is no reading.
  [[nodiscard]] virtual torch::Tensor distance(const Sample& sample) const = 0;
  [[nodiscard]] torch::Tensor draw(const torch::Tensor& values, const torch::Tensor& mask) const final;
  /// Turns labels or predictions into metres.
  [[nodiscard]] torch::Tensor metres(const torch::Tensor& label) const;
  /// The distances in metres as a figure: all that a derived class which offers Illustrate returns.
  [[nodiscard]] Figure depth_figure(const torch::Tensor& values, const torch::Tensor& mask) const;
  /// The distances in augmented images, divided by the scale of the crop, because that much nearer is a camera that
  /// sees so (Eigen, Puhrsch, Fergus, NIPS 2014; exact on the optical axis): all that a derived class which offers
  /// Augment returns. A pixel whose distance was cut at max_depth is masked where it would be divided.
  [[nodiscard]] Example augment_distance(const Example& originals, const Augmentation& how) const;

 private:
  double scale_;  ///< 2 / ln(1 + max_depth)
};

}  // namespace taskonomy::sdk
