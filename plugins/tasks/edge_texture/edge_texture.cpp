// Texture edges (2D edges): how sharply the brightness changes, whatever the cause.
//
//   label       float32 [1,H,W] in [-1,1]: the data set's own "edge_texture", 0..1, clipped to [0,
//               stored_clip] and scaled, unknown pixels 0; otherwise Canny's edge strength before
//               non-maximum suppression:
//               brightness 0.299 R + 0.587 G + 0.114 B in 0..1, smoothed by a Gaussian, magnitude of the
//               gradient by central differences [1/pixel], clipped to [0, clip] and scaled
//   input       the plain image
//   prediction  float32 [1,H,W] in [-1,1] (tanh)
//   loss        mean |prediction - label| over pixels
//   mask        none
//   metrics     l1: mean |prediction - label| on a scale of 0..1
//   parameters  sigma (0.7; 0..16): of the smoothing, pixels of the run's image side; 0 = none. More leaves
//                 out fine texture.
//               clip (0.2; above 0): gradient that counts as a full edge, brightness per pixel. On
//                 photographs of rooms at 64 px about 2 % of the pixels lie above it and the median is at
//                 an eighth of it.
//               stored_clip (0.08; 0..1): the same of the stored label
//   differs     The clip of a derived label fits our smoothing at the run's image side; the reference clips
//               its own response at 0.08. The reference trains 0.996 of this loss + 0.004 of a conditional
//               GAN's; its tournaments compare this loss alone.
//   source      Zamir et al., "Taskonomy", CVPR 2018, task "2D edges": Canny without
//               non-maximum suppression
#include <taskonomy/sdk/augment.hpp>
#include <taskonomy/sdk/modality.hpp>
#include <taskonomy/sdk/plugin.hpp>
#include <taskonomy/sdk/response_task.hpp>
#include <taskonomy/sdk/toolbox/filters.hpp>

namespace {

using namespace taskonomy;

sdk::TaskInfo describe() {
  sdk::TaskInfo info = sdk::pixel_task_info("edge_texture", "2D edges", "2D", 1, -1.0, 1.0);
  info.any_of = {{"edge_texture", "rgb"}};
  info.label_cost = 0.0;  // computed from the image
  return info;
}

class EdgeTexture final : public sdk::ImageResponseTask {
 public:
  explicit EdgeTexture(const sdk::TaskContext& context)
      : ImageResponseTask(describe(),
                          {.clip = context.params.real("clip", 0.2, 1e-6, 1e6),
                           .stored_clip = context.params.real("stored_clip", 0.08, 1e-6, 1.0)},
                          context),
        sigma_(context.params.real("sigma", 0.7, 0.0, 16.0)) {}

 private:
  /// Response [B,1,H,W] of images [B,3,H,W] in 0..1.
  [[nodiscard]] torch::Tensor response_of(const torch::Tensor& images) const override {
    const torch::Tensor brightness = sdk::brightness_of(images);
    return sdk::gradient_magnitude(sdk::gaussian_blur(brightness, sigma_));
  }

  double sigma_;  ///< pixels
};

}  // namespace

TASKONOMY_EXPORT_TASK(EdgeTexture, "edge_texture", "Strength of brightness edges")
