// Reshading: how the scene would look in one grey material, lit by a lamp at the camera.
//
//   label       float32 [1,H,W] in [-1,1]: Lambert's cosine between the normal and the direction to the
//               camera, 0..1, scaled
//               It is the data set's own "reshading"; otherwise from its normals and intrinsics, or from
//               depth and intrinsics. There is no falloff with distance and no shadow: the lamp sits in the
//               camera and sees what the camera sees.
//   input       the plain image
//   prediction  float32 [1,H,W] in [-1,1] (tanh)
//   loss        mean |prediction - label| over masked pixels
//   mask        one per pixel: the shading is known
//   metrics     l1: mean |prediction - label| over masked pixels, on a scale of 0..1
//   parameters  radius (2; 1..8), jump (0.05; above 0): of normals from depth, as in the task normal
//   differs     The reference trains 0.996 of this loss + 0.004 of a conditional GAN's; its tournaments
//               compare this loss alone.
//   source      Zamir et al., "Taskonomy", CVPR 2018, task "Reshading"
#include <taskonomy/sdk/augment.hpp>
#include <taskonomy/sdk/modality.hpp>
#include <taskonomy/sdk/plugin.hpp>
#include <taskonomy/sdk/response_task.hpp>
#include <taskonomy/sdk/toolbox/geometry.hpp>

namespace {

using namespace taskonomy;

sdk::TaskInfo describe() {
  sdk::TaskInfo info = sdk::pixel_task_info("reshading", "Reshading", "3D", 1, -1.0, 1.0);
  info.any_of = {{"reshading", "normal", "depth_zbuffer"}, {"reshading", "intrinsics"}};
  info.mask = sdk::MaskKind::pixel;
  return info;
}

class Reshading final : public sdk::ResponseTask, public sdk::Augment {
 public:
  explicit Reshading(const sdk::TaskContext& context) : ResponseTask(describe(), {}) {
    options_.radius = context.params.integer("radius", 2, 1, 8);
    options_.jump = context.params.real("jump", 0.05, 1e-6, 10.0);
  }

  [[nodiscard]] sdk::Example augment(const sdk::Example& originals,
                                     const sdk::Augmentation& how) const override {
    return sdk::warp_pixels(originals, how, sdk::Sampling::bilinear);
  }

 private:
  /// Lambert's cosine [1,H,W] in 0..1, NaN where it is not known.
  [[nodiscard]] torch::Tensor derived_response(const sdk::Sample& sample) const override {
    const torch::Tensor normal = sdk::surface_normals(sample, options_);
    const torch::Tensor shading = sdk::lambert_at_camera(normal, sdk::require(sample, "intrinsics"));
    const torch::Tensor known = normal.ne(0.0).any(1, true);
    return torch::where(known, shading, torch::full({}, NAN)).select(0, 0);
  }

  sdk::NormalOptions options_;
};

}  // namespace

TASKONOMY_EXPORT_TASK(Reshading, "reshading", "The scene in one material, lit from the camera")
