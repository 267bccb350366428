// Euclidean distance: how far each surface is from the camera's centre.
//
//   label       float32 [1,H,W] in [-1,1]: 2 ln(1 + min(d, max_depth)) / ln(1 + max_depth) - 1, d in metres
//               -1 is the camera, 1 is max_depth and beyond; equal ratios of 1 + d are equal differences. d
//               is the data set's own "depth_euclidean", otherwise its "depth_zbuffer" divided by the
//               cosine between ray and optical axis, from the intrinsics.
//   input       the plain image
//   prediction  float32 [1,H,W] in [-1,1] (tanh)
//   loss        mean |prediction - label| over masked pixels
//   mask        one per pixel: a reading that is finite and above 0
//   metrics     abs_rel: mean |p - d| / d; rmse: sqrt(mean (p - d)^2), m; delta_1.25: % of pixels with
//               max(p/d, d/p) < 1.25; with prediction p and label d back in metres, up to max_depth (Eigen,
//               Puhrsch, Fergus, NIPS 2014)
//   drawing     near = bright yellow, far = dark violet, over the distances that the pictures shown together
//               have; a bar beside them in metres
//   parameters  max_depth (10 m; above 0): distance that the label calls 1. Choose about the farthest
//                 wall: a larger value leaves near surfaces less of the range, a smaller one makes
//                 far ones alike.
//   differs     The reference scales by ln(2^16) with d in 1/512 m, up to 128 m, so that all rooms share a
//               narrow band of the range. The reference trains 0.996 of this loss + 0.004 of a conditional
//               GAN's; its tournaments compare this loss alone.
//   source      Zamir et al., "Taskonomy", CVPR 2018, task "Euclidean distance"
#include <taskonomy/sdk/augment.hpp>
#include <taskonomy/sdk/depth_task.hpp>
#include <taskonomy/sdk/modality.hpp>
#include <taskonomy/sdk/plugin.hpp>
#include <taskonomy/sdk/toolbox/geometry.hpp>

namespace {

using namespace taskonomy;

sdk::TaskInfo describe() {
  sdk::TaskInfo info = sdk::pixel_task_info("depth_euclidean", "Euclidean distance", "3D", 1, -1.0, 1.0);
  info.any_of = {{"depth_euclidean", "depth_zbuffer"}, {"depth_euclidean", "intrinsics"}};
  info.mask = sdk::MaskKind::pixel;
  return info;
}

class DepthEuclidean final : public sdk::DepthTask, public sdk::Illustrate, public sdk::Augment {
 public:
  explicit DepthEuclidean(const sdk::TaskContext& context) : DepthTask(describe(), context) {}

  [[nodiscard]] sdk::Figure illustrate(const torch::Tensor& values, const torch::Tensor& mask,
                                       const sdk::Sample&) const override {
    return depth_figure(values, mask);
  }
  [[nodiscard]] sdk::Example augment(const sdk::Example& originals,
                                     const sdk::Augmentation& how) const override {
    return augment_distance(originals, how);
  }

 protected:
  [[nodiscard]] torch::Tensor distance(const sdk::Sample& sample) const override {
    if (sdk::has(sample, "depth_euclidean")) return sdk::require_view(sample, "depth_euclidean", 1);
    const torch::Tensor along_axis = sdk::require_pixels(sample, "depth_zbuffer", 1);
    const torch::Tensor rays =
        sdk::view_directions(sdk::require(sample, "intrinsics"), along_axis.size(2), along_axis.size(3));
    return (along_axis / rays.slice(1, 2, 3)).select(0, 0);
  }
};

}  // namespace

TASKONOMY_EXPORT_TASK(DepthEuclidean, "depth_euclidean", "Distance from the camera's centre")
