// 3D keypoints: places that can be found again in another depth image: a stable surface around which the
// shape changes in more than one direction.
//
//   label       float32 [1,H,W] in [-1,1]: the data set's own "keypoints3d", 0..1, clipped to [0,
//               stored_clip] and scaled; otherwise NARF's interest without suppression, 0..1, blurred by a
//               Gaussian, clipped to [0, clip] and scaled
//               The interest is made from depth, intrinsics and normals, the data set's own or those from
//               depth. Its formula stands below, at the functions that compute it.
//   input       the plain image
//   prediction  float32 [1,H,W] in [-1,1] (tanh)
//   loss        mean |prediction - label| over masked pixels
//   mask        one per pixel: depth has a reading and a normal; of a stored label, the value is finite
//   metrics     l1: mean |prediction - label| over masked pixels, on a scale of 0..1
//   parameters  support (0.5 m; above 0): diameter S of the neighbourhood that is looked at. About the size
//                 of what should count as one thing; the time grows with its square.
//               sigma (1/32; 0..0.25): of the blur, share of the image side, as in edge_occlusion
//               clip (0.55; above 0): blurred interest that fills the range. At 64 px 5 % of the pixels lie
//                 above it in rendered rooms and on photographs with sensor depth.
//               stored_clip (1; 0..1): the same of the stored label
//               radius (2; 1..8), jump (0.05; above 0): of normals from depth, as in the task normal
//   differs     The blur is ours: single pixels are finer than a representation of 8 x 8 cells can place.
//               The reference trains 0.996 of this loss + 0.004 of a conditional GAN's; its tournaments
//               compare this loss alone.
//   source      Zamir et al., "Taskonomy", CVPR 2018, task "3D keypoints": NARF without non-maximum
//               suppression; Steder, Rusu, Konolige, Burgard, "Point feature extraction on 3D range scans
//               taking into account object boundaries", ICRA 2011
#include <cmath>

#include <taskonomy/sdk/modality.hpp>
#include <taskonomy/sdk/plugin.hpp>
#include <taskonomy/sdk/response_task.hpp>
#include <taskonomy/sdk/toolbox/filters.hpp>
#include <taskonomy/sdk/toolbox/geometry.hpp>

#include "interest.hpp"

namespace {

using namespace taskonomy;

sdk::TaskInfo describe() {
  sdk::TaskInfo info = sdk::pixel_task_info("keypoints3d", "3D keypoints", "3D", 1, -1.0, 1.0);
  info.any_of = {{"keypoints3d", "depth_zbuffer"},
                 {"keypoints3d", "intrinsics"},
                 {"keypoints3d", "normal", "depth_zbuffer"}};
  info.mask = sdk::MaskKind::pixel;
  return info;
}

class Keypoints3d final : public sdk::ResponseTask {
 public:
  explicit Keypoints3d(const sdk::TaskContext& context)
      : ResponseTask(describe(), {.clip = context.params.real("clip", 0.55, 1e-6, 1e6),
                                  .stored_clip = context.params.real("stored_clip", 1.0, 1e-6, 1.0)}),
        support_(context.params.real("support", 0.5, 1e-3, 1e3)),
        sigma_(context.params.real("sigma", 1.0 / 32.0, 0.0, 0.25) * static_cast<double>(context.side)) {
    normals_.radius = context.params.integer("radius", 2, 1, 8);
    normals_.jump = context.params.real("jump", 0.05, 1e-6, 10.0);
  }

 private:
  /// NARF's interest, blurred [1,H,W], NaN where there is no surface.
  [[nodiscard]] torch::Tensor derived_response(const sdk::Sample& sample) const override {
    const torch::Tensor depth = sdk::require_pixels(sample, "depth_zbuffer", 1);
    const torch::Tensor& intrinsics = sdk::require(sample, "intrinsics");
    const torch::Tensor interest =
        keypoints3d::interest(depth, intrinsics, sdk::surface_normals(sample, normals_), support_);
    const torch::Tensor known = torch::isfinite(interest);
    const torch::Tensor blurred = sdk::gaussian_blur_known(interest, known, sigma_);
    return torch::where(known, blurred, torch::full({}, NAN)).select(0, 0);
  }

  double support_;  ///< metres
  double sigma_;    ///< pixels
  sdk::NormalOptions normals_;
};

}  // namespace

TASKONOMY_EXPORT_TASK(Keypoints3d, "keypoints3d", "Places with a shape of their own")
