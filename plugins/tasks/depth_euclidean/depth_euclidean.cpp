// Euclidean distance: how far each surface is from the camera's centre.
//
//   label       2 ln(1 + d) / ln(1 + max_depth) - 1, d in metres, clipped at 1     float32 [1,H,W] in -1..1
//               Scaled as the label of depth_zbuffer, and for the same reason. The data set's own
//               "depth_euclidean", otherwise its "depth_zbuffer" over the cosine between ray and optical
//               axis.
//   input       the plain image
//   prediction  [1,H,W] in [-1,1] (tanh)
//   loss        mean |prediction - label| over masked pixels
//   metrics     abs_rel, rmse (m), delta_1.25 (%)                             (sdk/depth_task.hpp)
//   mask        pixel: a reading that is finite and above 0
//   parameters  max_depth (10; above 0): metres that the label calls 1; anything farther counts as that far
//   drawing     near = bright yellow (-0.6 and below), far = dark violet (1)
//   source      Zamir et al., Taskonomy, CVPR 2018, "Euclidean distance"
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

class DepthEuclidean final : public sdk::DepthTask {
 public:
  explicit DepthEuclidean(const sdk::TaskContext& context) : DepthTask(describe(), context) {}

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
