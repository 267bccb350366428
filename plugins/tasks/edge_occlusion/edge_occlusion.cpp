// Occlusion edges (3D edges): where one surface hides another, whatever is painted on them.
//
//   label       float32 [1,H,W] in [-1,1]: the data set's own "edge_occlusion", 0..1, clipped to [0,
//               stored_clip] and scaled; otherwise from depth:
//               A jump between neighbours is 1 - near / far. Its strength is 0 up to `least`, 1 from `full`
//               on, on the pixels of both sides; it is blurred by a Gaussian over the pixels with a
//               reading, clipped to [0, clip] and scaled.
//   input       the plain image
//   prediction  float32 [1,H,W] in [-1,1] (tanh)
//   loss        mean |prediction - label| over masked pixels
//   mask        one per pixel: depth has a reading; of a stored label, the value is finite
//   metrics     l1: mean |prediction - label| over masked pixels, on a scale of 0..1
//   parameters  least (0.04; 0..1): jump that begins to count, as a share of the farther depth. Noisy
//                 sensors want more.
//               full (0.2; 0..1): jump that counts fully
//               sigma (1/32; 0..0.25): of the blur, share of the image side: 2 pixels of 64. Sharper edges
//                 are harder to place from a coarse representation.
//               clip (0.35; above 0): blurred strength that counts as a full edge, a little under that of a
//                 long straight one. At 64 px 10 % of the pixels lie above it in rendered rooms, 4 % on
//                 photographs; a third have none.
//               stored_clip (0.00625; 0..1): the same of the stored label
//   differs     The reference clips at 0.00625 and blurs by 4 pixels of 256, a quarter of a cell of its
//               16x16 representation; sigma = 1/32 is a quarter of a cell of our 8x8. The reference trains
//               0.996 of this loss + 0.004 of a conditional GAN's; its tournaments compare this loss alone.
//   source      Zamir et al., "Taskonomy", CVPR 2018, task "3D edges": occlusion edges only,
//               insensitive to texture
#include <algorithm>

#include <taskonomy/sdk/augment.hpp>
#include <taskonomy/sdk/modality.hpp>
#include <taskonomy/sdk/plugin.hpp>
#include <taskonomy/sdk/response_task.hpp>
#include <taskonomy/sdk/toolbox/filters.hpp>
#include <taskonomy/sdk/toolbox/surface.hpp>

namespace {

using namespace taskonomy;

sdk::TaskInfo describe() {
  sdk::TaskInfo info = sdk::pixel_task_info("edge_occlusion", "Occlusion edges", "3D", 1, -1.0, 1.0);
  info.any_of = {{"edge_occlusion", "depth_zbuffer"}};
  info.mask = sdk::MaskKind::pixel;
  return info;
}

/// The greatest jump, either way, between each pixel and its four neighbours [V,1,H,W] in 0..1.
torch::Tensor greatest_jump(const sdk::DepthJumps& jumps) {
  const torch::Tensor right = jumps.right.abs(), down = jumps.down.abs();
  // The jump to the left is that of the left neighbour to the right; the last column and row have none.
  const torch::Tensor left = right.roll(1, 3), up = down.roll(1, 2);
  return torch::maximum(torch::maximum(right, left), torch::maximum(down, up));
}

class EdgeOcclusion final : public sdk::ResponseTask, public sdk::Augment {
 public:
  explicit EdgeOcclusion(const sdk::TaskContext& context)
      : ResponseTask(describe(), {.clip = context.params.real("clip", 0.35, 1e-6, 1e6),
                                  .stored_clip = context.params.real("stored_clip", 0.00625, 1e-6, 1.0)}),
        least_(context.params.real("least", 0.04, 0.0, 1.0)),
        full_(context.params.real("full", 0.2, 0.0, 1.0)),
        sigma_(context.params.real("sigma", 1.0 / 32.0, 0.0, 0.25) * static_cast<double>(context.side)) {}

  [[nodiscard]] sdk::Example augment(const sdk::Example& originals,
                                     const sdk::Augmentation& how) const override {
    return sdk::warp_pixels(originals, how, sdk::Sampling::bilinear);
  }

 private:
  /// Blurred strength of the depth jumps [1,H,W] in 0..1, NaN where there is no reading.
  [[nodiscard]] torch::Tensor derived_response(const sdk::Sample& sample) const override {
    const torch::Tensor depth = sdk::require_pixels(sample, "depth_zbuffer", 1).slice(0, 0, 1);
    const torch::Tensor jump = greatest_jump(sdk::depth_jumps(depth));
    const torch::Tensor strength = ((jump - least_) / std::max(1e-6, full_ - least_)).clamp(0.0, 1.0);
    const torch::Tensor known = torch::isfinite(depth).logical_and(depth > 0.0);
    const torch::Tensor blurred = sdk::gaussian_blur_known(strength, known, sigma_);
    return torch::where(known, blurred, torch::full({}, NAN))[0];
  }

  double least_, full_;
  double sigma_;  ///< pixels
};

}  // namespace

TASKONOMY_EXPORT_TASK(EdgeOcclusion, "edge_occlusion", "Where one surface hides another")
