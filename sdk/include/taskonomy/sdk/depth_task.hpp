// What the tasks of distance (depth_zbuffer, depth_euclidean) share: a logarithmic label, its drawing and the
// metrics in metres.
#pragma once

#include <vector>

#include <taskonomy/sdk/torch.hpp>

#include <taskonomy/sdk/detail/api.hpp>
#include <taskonomy/sdk/extensions.hpp>
#include <taskonomy/sdk/pixel_task.hpp>

namespace taskonomy::sdk {

/// Label 2 ln(1 + d) / ln(1 + max_depth) - 1 [1,H,W] in -1..1, d in metres, clipped at 1; masked where there
/// is no reading that is finite and above 0. max_depth (10 m) is read from the task's recipe table. Drawn
/// near = bright yellow (-0.6 and below), far = dark violet (1). Metrics: "abs_rel" mean |p - d| / d; "rmse"
/// sqrt(mean (p - d)^2), m; "delta_1.25" share of pixels with max(p/d, d/p) < 1.25, %, with prediction p and
/// label d back in metres (Eigen, Puhrsch, Fergus, NIPS 2014). Both stop at max_depth.
class TX_API DepthTask : public PixelTask, public Metrics {
 public:
  ~DepthTask() override;
  [[nodiscard]] Example make_example(const Sample& sample, torch::Generator&) const final;
  [[nodiscard]] const std::vector<Metric>& metrics() const noexcept final;
  [[nodiscard]] torch::Tensor measure(const torch::Tensor& prediction, const torch::Tensor& target,
                                      const torch::Tensor& mask) const final;

 protected:
  DepthTask(TaskInfo info, const TaskContext& context);
  /// Distance [1,H,W] in metres; anything but a finite number above 0 means no reading.
  [[nodiscard]] virtual torch::Tensor distance(const Sample& sample) const = 0;
  [[nodiscard]] torch::Tensor draw(const torch::Tensor& values, const torch::Tensor& mask) const final;

 private:
  /// Labels or predictions in metres.
  [[nodiscard]] torch::Tensor metres(const torch::Tensor& label) const;

  double scale_;  ///< 2 / ln(1 + max_depth)
};

}  // namespace taskonomy::sdk
