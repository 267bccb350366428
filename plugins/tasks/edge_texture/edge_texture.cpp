// Texture edges (2D edges): how sharply the brightness changes, whatever the cause.
//
//   label       Canny's edge strength before non-maximum suppression: brightness (0.299 R + 0.587 G +
//               0.114 B, 0..1), Gaussian smoothing, magnitude of the gradient by central differences
//               [1/pixel] (toolbox/filters.hpp), clipped to [0, clip] and scaled to [-1,1]      float32 [1,H,W]
//               The data set's own modality "edge_texture" where it offers one, clipped to [0, stored_clip]
//               instead; its pixels without a value count as 0.
//   input       the plain image
//   prediction  [1,H,W] in [-1,1] (tanh)
//   loss        mean |prediction - label| over pixels
//   metrics     l1: mean |prediction - label| on a scale of 0..1
//   mask        none
//   parameters  sigma (0.7; 0..16): of the smoothing, pixels of the run's image side; 0 = none
//               clip (0.2; above 0): gradient that counts as a full edge, brightness per pixel. On
//               photographs of rooms at 64 px about 2 % of the pixels lie above it and the median is at an
//               eighth of it.
//               stored_clip (0.08; above 0): the same of the stored label, whose range is 0..1
//   source      Zamir et al., Taskonomy, CVPR 2018, "2D edges" (Canny without non-maximum suppression,
//               clipped at 0.08)
#include <taskonomy/sdk/metrics.hpp>
#include <taskonomy/sdk/modality.hpp>
#include <taskonomy/sdk/pixel_task.hpp>
#include <taskonomy/sdk/plugin.hpp>
#include <taskonomy/sdk/toolbox/filters.hpp>

namespace {

using namespace taskonomy;

sdk::TaskInfo describe() {
  sdk::TaskInfo info = sdk::pixel_task_info("edge_texture", "2D edges", "2D", 1, -1.0, 1.0);
  info.any_of = {{"edge_texture", "rgb"}};
  return info;
}

class EdgeTexture final : public sdk::PixelTask, public sdk::L1Metric {
 public:
  explicit EdgeTexture(const sdk::TaskContext& context)
      : PixelTask(describe()),
        L1Metric(0.5),
        sigma_(context.params.real("sigma", 0.7, 0.0, 16.0)),
        clip_(context.params.real("clip", 0.2, 1e-6, 1e6)),
        stored_clip_(context.params.real("stored_clip", 0.08, 1e-6, 1.0)) {}

  [[nodiscard]] sdk::Example make_example(const sdk::Sample& sample, torch::Generator&) const override {
    sdk::Example example;
    example.target = share(sample).clamp(0.0, 1.0) * 2.0 - 1.0;
    return example;
  }

 private:
  /// Strength [1,H,W] as a share of the clip.
  [[nodiscard]] torch::Tensor share(const sdk::Sample& sample) const {
    if (sdk::has(sample, "edge_texture"))
      return sdk::require_view(sample, "edge_texture", 1).nan_to_num(0.0) / stored_clip_;
    const torch::Tensor brightness = sdk::brightness_of(sdk::require_view(sample, "rgb", 3) / 255.0);
    return sdk::gradient_magnitude(sdk::gaussian_blur(brightness.unsqueeze(0), sigma_))[0] / clip_;
  }

  double sigma_, clip_, stored_clip_;
};

}  // namespace

TASKONOMY_EXPORT_TASK(EdgeTexture, "edge_texture", "Strength of brightness edges")
