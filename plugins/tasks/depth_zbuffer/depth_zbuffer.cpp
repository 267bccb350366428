// Z-depth: distance along the optical axis.
//
//   label       2 ln(1 + d) / ln(1 + max_depth) - 1, d in metres, clipped at 1     float32 [1,H,W] in -1..1
//               The reference divides by ln(2^16), with d in 1/512 m: rooms then share a narrow band of the
//               range. Here -1 is the camera and 1 is max_depth, and equal ratios of 1 + d stay equal
//               differences.
//   input       the plain image
//   prediction  [1,H,W] in [-1,1] (tanh)
//   loss        mean |prediction - label| over masked pixels
//   mask        pixel: a reading that is finite and above 0
//   parameters  max_depth (10; above 0): metres that the label calls 1; anything farther counts as that far
//   drawing     near = bright yellow (-0.6 and below), far = dark violet (1)
//   source      Zamir et al., Taskonomy, CVPR 2018, "Z-depth"
#include <cmath>

#include <taskonomy/sdk/drawing.hpp>
#include <taskonomy/sdk/modality.hpp>
#include <taskonomy/sdk/pixel_task.hpp>
#include <taskonomy/sdk/plugin.hpp>

namespace {

using namespace taskonomy;

sdk::TaskInfo describe() {
  sdk::TaskInfo info = sdk::pixel_task_info("depth_zbuffer", "Z-depth", "3D", 1, -1.0, 1.0);
  info.modalities = {"rgb", "depth_zbuffer"};
  info.mask = sdk::MaskKind::pixel;
  return info;
}

class DepthZbuffer final : public sdk::PixelTask {
 public:
  explicit DepthZbuffer(const sdk::TaskContext& context)
      : PixelTask(describe()), scale_(2.0 / std::log1p(context.params.real("max_depth", 10.0, 1e-3, 1e6))) {}

  [[nodiscard]] sdk::Example make_example(const sdk::Sample& sample, torch::Generator&) const override {
    const torch::Tensor depth = sdk::require_view(sample, "depth_zbuffer", 1);
    sdk::Example example;
    example.mask = torch::isfinite(depth).logical_and(depth > 0.0);
    const torch::Tensor metres = torch::where(example.mask, depth, torch::zeros({}));
    example.target = (torch::log1p(metres) * scale_ - 1.0).clamp_max(1.0);
    return example;
  }

 protected:
  [[nodiscard]] torch::Tensor draw(const torch::Tensor& values, const torch::Tensor& mask) const override {
    return sdk::draw_scale(-values, -1.0, 0.6, mask);
  }

 private:
  double scale_;  ///< 2 / ln(1 + max_depth)
};

}  // namespace

TASKONOMY_EXPORT_TASK(DepthZbuffer, "depth_zbuffer", "Distance along the optical axis")
