// Curvature: how each surface bends, most and least.
//
//   label       float32 [2,H,W] in [-1,1]: the two principal curvatures k1, k2 (1/m; larger magnitude
//               first; positive where the surface bulges towards the camera), clipped to [-clip, clip],
//               scaled, and blurred by a Gaussian over pixels where they are known
//               They are the data set's own "principal_curvature"; otherwise the eigenvalues of the shape
//               operator that fits a window of points and normals best, not across depth jumps and creases,
//               with the data set's own normals or those from depth.
//   input       the plain image
//   prediction  float32 [2,H,W] in [-1,1] (tanh)
//   loss        mean (prediction - label)^2 over channels and masked pixels
//   mask        one per pixel: both curvatures are finite
//   metrics     l1: mean |prediction - label| over channels and masked pixels, 1/m, both clipped and
//               blurred as the label is
//   drawing     red = k1, green = k2, bright where positive: flat is grey, a convex cylinder pink, a convex
//               ball yellow, a hollow blue
//   parameters  clip (2 per metre; above 0): curvature that fills the range, that of a ball of half a
//                 metre. In rendered rooms at 64 px 93 % of the values are 0 and most of the rest lie above
//                 it, thin legs as well as cushions: the label says where things are round.
//               sigma (1/32; 0..0.25): of the Gaussian, share of the image side: what bends is often
//                 thinner than a pixel. After it 10 % of the values lie above 0.08 in rendered rooms and
//                 above 0.4 on photographs, where quantised depth shows.
//               radius (3; 1..8): of the windows for normals and curvature from depth, pixels
//               jump (0.05; above 0): of normals from depth, as in the task normal
//   differs     The reference whitens 8-bit curvature images by constants of its own data and does not blur
//               them. The reference trains 0.996 of this loss + 0.004 of a conditional GAN's; its
//               tournaments compare this loss alone.
//   source      Zamir et al., "Taskonomy", CVPR 2018, task "Curvature"
#include <taskonomy/sdk/augment.hpp>
#include <taskonomy/sdk/figure.hpp>
#include <taskonomy/sdk/losses.hpp>
#include <taskonomy/sdk/modality.hpp>
#include <taskonomy/sdk/plugin.hpp>
#include <taskonomy/sdk/response_task.hpp>
#include <taskonomy/sdk/toolbox/filters.hpp>
#include <taskonomy/sdk/toolbox/geometry.hpp>
#include <taskonomy/sdk/toolbox/surface.hpp>

namespace {

using namespace taskonomy;

sdk::TaskInfo describe() {
  sdk::TaskInfo info = sdk::pixel_task_info("principal_curvature", "Curvature", "3D", 2, -1.0, 1.0);
  info.any_of = {{"principal_curvature", "depth_zbuffer"},
                 {"principal_curvature", "intrinsics"},
                 {"principal_curvature", "normal", "depth_zbuffer"}};
  info.mask = sdk::MaskKind::pixel;
  return info;
}

class PrincipalCurvature final : public sdk::ResponseTask, public sdk::Illustrate, public sdk::Augment {
 public:
  explicit PrincipalCurvature(const sdk::TaskContext& context)
      : PrincipalCurvature(context, context.params.real("clip", 2.0, 1e-3, 1e6)) {}

  [[nodiscard]] torch::Tensor loss(const torch::Tensor& prediction, const torch::Tensor& target,
                                   const torch::Tensor& mask) const override {
    return sdk::l2_loss(prediction, target, mask);
  }

  /// A camera s times nearer sees points (x, y, z / s): what faces it bends s times less.
  [[nodiscard]] sdk::Example augment(const sdk::Example& originals,
                                     const sdk::Augmentation& how) const override {
    sdk::Example warped = sdk::warp_pixels(originals, how, sdk::Sampling::nearest);
    warped.target = warped.target / sdk::per_image(how.scale, 4);
    return warped;
  }

  [[nodiscard]] sdk::Figure illustrate(const torch::Tensor& values, const torch::Tensor& mask,
                                       const sdk::Sample&) const override {
    return {.picture = draw(values, mask),
            .key = {{{128, 128, 128}, "flat"},
                    {{255, 128, 128}, "convex one way"},
                    {{255, 255, 128}, "convex both ways"},
                    {{0, 0, 128}, "hollow"},
                    {{255, 0, 128}, "saddle"}}};
  }

 protected:
  [[nodiscard]] torch::Tensor draw(const torch::Tensor& values, const torch::Tensor& mask) const override {
    const torch::Tensor both = values.to(torch::kFloat32);
    return sdk::draw_rgb(torch::cat({both, torch::zeros_like(both.slice(0, 0, 1))}), -1.0, 1.0, mask);
  }

 private:
  PrincipalCurvature(const sdk::TaskContext& context, double clip)
      : ResponseTask(describe(), {.clip = clip, .stored_clip = clip, .has_sign = true}, "1/m"),
        sigma_(context.params.real("sigma", 1.0 / 32.0, 0.0, 0.25) * static_cast<double>(context.side)) {
    normals_.radius = window_.radius = context.params.integer("radius", 3, 1, 8);
    normals_.jump = context.params.real("jump", 0.05, 1e-6, 10.0);
  }

  /// Curvatures [2,H,W] in 1/m, NaN where they are not known.
  [[nodiscard]] torch::Tensor derived_response(const sdk::Sample& sample) const override {
    const torch::Tensor depth = sdk::require_pixels(sample, "depth_zbuffer", 1);
    const torch::Tensor points = sdk::points_from_depth(depth, sdk::require(sample, "intrinsics"));
    return sdk::principal_curvatures(points, sdk::surface_normals(sample, normals_), window_).select(0, 0);
  }

  /// Averaged after it is clipped: a wire's hundreds would drown all else around it.
  [[nodiscard]] torch::Tensor label_of_share(const torch::Tensor& share,
                                             const torch::Tensor& known) const override {
    return sdk::gaussian_blur_known(share.unsqueeze(0), known.unsqueeze(0), sigma_)[0];
  }

  double sigma_;  ///< pixels
  sdk::NormalOptions normals_;
  sdk::CurvatureOptions window_;
};

}  // namespace

TASKONOMY_EXPORT_TASK(PrincipalCurvature, "principal_curvature", "How each surface bends, most and least")
