// 2D keypoints: places that can be found again in another picture: corners and blobs of brightness.
//
//   label       float32 [1,H,W] in [-1,1]: the data set's own "keypoints2d", 0..1, as a share of
//               stored_clip, unknown pixels 0; otherwise the SURF response without suppression, as a
//               share of clip:
//               brightness 0.299 R + 0.587 G + 0.114 B in 0..1, smoothed, determinant of the Hessian,
//               largest over scales
//               Either share is clipped to 0..1; its square root, which grows with contrast as the response
//               does with contrast squared, is scaled to [-1,1].
//   input       the plain image
//   prediction  float32 [1,H,W] in [-1,1] (tanh)
//   loss        mean |prediction - label| over pixels
//   mask        none
//   metrics     l1: mean |prediction - label| on a scale of 0..1
//   parameters  sigmas ([1.2, 2.0, 2.8]; above 0, up to 16 each): scales, pixels of the run's image side:
//                 SURF's filters of 9, 15 and 21 pixels
//               clip (0.006; above 0): response that fills the range, brightness squared. At 64 px
//                 about 2 % of the pixels lie above it in rendered rooms, 3 % on photographs of rooms;
//                 a third have none.
//               stored_clip (0.005; 0..1): the same of the stored label
//   differs     The reference has no square root: nine pixels of ten then share the lowest quarter of the
//               range. The reference trains 0.996 of this loss + 0.004 of a conditional GAN's; its
//               tournaments compare this loss alone.
//   source      Zamir et al., "Taskonomy", CVPR 2018, task "2D keypoints": SURF without non-maximum
//               suppression; Bay, Tuytelaars, Van Gool, "SURF", ECCV 2006
#include <stdexcept>
#include <vector>

#include <taskonomy/sdk/augment.hpp>
#include <taskonomy/sdk/modality.hpp>
#include <taskonomy/sdk/plugin.hpp>
#include <taskonomy/sdk/response_task.hpp>
#include <taskonomy/sdk/toolbox/filters.hpp>

namespace {

using namespace taskonomy;

sdk::TaskInfo describe() {
  sdk::TaskInfo info = sdk::pixel_task_info("keypoints2d", "2D keypoints", "2D", 1, -1.0, 1.0);
  info.any_of = {{"keypoints2d", "rgb"}};
  info.label_cost = 0.0;  // computed from the image
  return info;
}

std::vector<double> scales(sdk::Params& params) {
  std::vector<double> sigmas = params.reals("sigmas", {1.2, 2.0, 2.8});
  for (const double sigma : sigmas) {
    if (!(sigma > 0.0 && sigma <= 16.0))
      throw std::invalid_argument("sigmas: expected scales above 0 and up to 16 pixels, got " +
                                  std::to_string(sigma));
  }
  if (sigmas.empty()) throw std::invalid_argument("sigmas: expected at least one scale, got none");
  return sigmas;
}

class Keypoints2d final : public sdk::ImageResponseTask {
 public:
  explicit Keypoints2d(const sdk::TaskContext& context)
      : ImageResponseTask(describe(),
                          {.clip = context.params.real("clip", 0.006, 1e-9, 1e6),
                           .stored_clip = context.params.real("stored_clip", 0.005, 1e-9, 1.0)},
                          context),
        sigmas_(scales(context.params)) {}

 private:
  /// Response [B,1,H,W] of images [B,3,H,W] in 0..1.
  [[nodiscard]] torch::Tensor response_of(const torch::Tensor& images) const override {
    const torch::Tensor brightness = sdk::brightness_of(images);
    return sdk::hessian_response(brightness, sigmas_);
  }

  [[nodiscard]] torch::Tensor label_of_share(const torch::Tensor& share,
                                             const torch::Tensor& known) const override {
    return ResponseTask::label_of_share(share.sqrt(), known);
  }

  std::vector<double> sigmas_;  ///< pixels
};

}  // namespace

TASKONOMY_EXPORT_TASK(Keypoints2d, "keypoints2d", "Corners and blobs of brightness")
