// Inverse depth: how near each pixel is, as disparity has it. Shows metrics that people of the field know, and
// a parameter of the task's own.
//
//   label       float32 [1,H,W] in [-1,1]: 2 nearest / depth - 1, depth in metres; 1 at `nearest` and nearer,
//               towards -1 far away
//   input       the plain image
//   prediction  float32 [1,H,W] in [-1,1] (tanh)
//   loss        mean |prediction - label| over the pixels of the mask
//   mask        one per pixel: false where the depth has no reading
//   metrics     abs_rel: mean |difference| of depth / depth, %
//               within_25: pixels whose depth is at most 1.25 times too far or too near, %
//   parameters  nearest (0.5; 0.01..100): the depth in metres whose label is 1
//   source      Eigen et al., "Depth Map Prediction from a Single Image", NeurIPS 2014 (metrics)
#include <taskonomy/sdk/metrics.hpp>
#include <taskonomy/sdk/modality.hpp>
#include <taskonomy/sdk/pixel_task.hpp>
#include <taskonomy/sdk/plugin.hpp>

namespace {

using namespace taskonomy;

sdk::TaskInfo describe() {
  sdk::TaskInfo info = sdk::pixel_task_info("inverse_depth", "Inverse depth", "3D", 1, -1.0, 1.0);
  info.reference = "Eigen et al., NeurIPS 2014";
  info.modalities.emplace_back("depth_zbuffer");
  info.mask = sdk::MaskKind::pixel;
  return info;
}

// Any sdk::Metrics that is inherited publicly beside PixelTask is offered; the host reports it.
class InverseDepth final : public sdk::PixelTask, public sdk::Metrics {
 public:
  // A key of the recipe's table [task.inverse_depth], its default, and the range that is allowed.
  explicit InverseDepth(const sdk::TaskContext& context)
      : PixelTask(describe()), nearest_(context.params.real("nearest", 0.5, 0.01, 100.0)) {}

  [[nodiscard]] sdk::Example make_example(const sdk::Sample& sample, torch::Generator&) const override {
    const torch::Tensor depth = sdk::require_view(sample, "depth_zbuffer", 1);  // [1,H,W], m; 0 = no reading
    sdk::Example example;
    example.mask = torch::isfinite(depth).logical_and(depth > 0.0);
    const torch::Tensor label = 2.0 * nearest_ / depth.clamp_min(nearest_) - 1.0;
    example.target = torch::where(example.mask, label, torch::zeros({}));
    return example;
  }

  [[nodiscard]] const std::vector<sdk::Metric>& metrics() const noexcept override { return metrics_; }

  // [B,1,H,W] each -> [B,2]: per image, over masked pixels, NaN where an image has none. mean_per_image() does all that.
  [[nodiscard]] torch::Tensor measure(const torch::Tensor& prediction, const torch::Tensor& target,
                                      const torch::Tensor& mask) const override {
    const torch::Tensor guess = depth_of(prediction), truth = depth_of(target);
    const torch::Tensor relative = (guess - truth).abs() / truth;
    const torch::Tensor near_enough = torch::maximum(guess / truth, truth / guess).le(1.25);
    return torch::stack({sdk::mean_per_image(relative * 100.0, mask),
                         sdk::mean_per_image(near_enough.to(torch::kFloat32) * 100.0, mask)},
                        1);
  }

 private:
  // Metres of a label; at most 100 times `nearest`, because a prediction may say "infinitely far".
  [[nodiscard]] torch::Tensor depth_of(const torch::Tensor& label) const {
    return 2.0 * nearest_ / (label.to(torch::kFloat32) + 1.0).clamp_min(0.02);
  }

  double nearest_;  // m
  std::vector<sdk::Metric> metrics_{{"abs_rel", "%", false}, {"within_25", "%", true}};
};

}  // namespace

TASKONOMY_EXPORT_TASK(InverseDepth, "inverse_depth", "How near each pixel is, as disparity")
