// Surface normals: which way the surface under each pixel faces.
//
//   label       float32 [3,H,W] in [-1,1]: unit normal in camera coordinates (x right, y down, z forward),
//               facing the camera
//               It is the data set's own "normal"; otherwise from depth and intrinsics: the gradient of
//               inverse depth, a plane fitted to a window that does not reach across depth jumps.
//   input       the plain image
//   prediction  float32 [3,H,W] in [-1,1] (tanh); not forced to unit length
//   loss        mean |prediction - label| over channels and masked pixels
//   mask        one per pixel: a normal is known
//   metrics     of the angle between prediction and label: mean_angle, median_angle (degrees),
//               within_11.25, within_22.5, within_30 (% of the pixels) (Fouhey, Gupta, Hebert, ICCV 2013)
//   drawing     red = faces right, green = faces up, blue = faces the camera; each dark at -1
//               and bright at 1
//   parameters  radius (2; 1..8): of the window for normals from depth, pixels. Noisy sensors want more;
//                 more rounds edges.
//               jump (0.05; above 0): share of inverse depth by which a neighbour may be off the surface
//   differs     The reference trains 0.996 of this loss + 0.004 of a conditional GAN's; its tournaments
//               compare this loss alone.
//   source      Zamir et al., "Taskonomy", CVPR 2018, task "Surface normals"
#include <vector>

#include <taskonomy/sdk/augment.hpp>
#include <taskonomy/sdk/metrics.hpp>
#include <taskonomy/sdk/modality.hpp>
#include <taskonomy/sdk/pixel_task.hpp>
#include <taskonomy/sdk/plugin.hpp>
#include <taskonomy/sdk/toolbox/geometry.hpp>

namespace {

using namespace taskonomy;

sdk::TaskInfo describe() {
  sdk::TaskInfo info = sdk::pixel_task_info("normal", "Surface normals", "3D", 3, -1.0, 1.0);
  info.any_of = {{"normal", "depth_zbuffer"}, {"normal", "intrinsics"}};
  info.mask = sdk::MaskKind::pixel;
  return info;
}

/// Angle between directions [B,3,H,W] of any length -> [B,1,H,W]; 90 where either is (0,0,0).
torch::Tensor degrees_between(const torch::Tensor& a, const torch::Tensor& b) {
  const torch::Tensor first = a.to(torch::kFloat32), second = b.to(torch::kFloat32);
  const torch::Tensor lengths = (first.norm(2, 1, true) * second.norm(2, 1, true)).clamp_min(1e-12);
  const torch::Tensor cosine = (first * second).sum(1, true) / lengths;
  return torch::rad2deg(torch::acos(cosine.clamp(-1.0, 1.0)));
}

class Normal final : public sdk::PixelTask, public sdk::Metrics, public sdk::Augment {
 public:
  explicit Normal(const sdk::TaskContext& context) : PixelTask(describe()) {
    options_.radius = context.params.integer("radius", 2, 1, 8);
    options_.jump = context.params.real("jump", 0.05, 1e-6, 10.0);
  }

  [[nodiscard]] sdk::Example make_example(const sdk::Sample& sample, torch::Generator&) const override {
    const torch::Tensor normal = sdk::surface_normals(sample, options_).select(0, 0);
    sdk::Example example;
    example.mask = normal.ne(0.0).any(0, true);
    example.target = normal;
    return example;
  }

  /// A mirror turns x around. A camera s times nearer sees points (x, y, z / s), so that normals are (x, y, s z).
  [[nodiscard]] sdk::Example augment(const sdk::Example& originals,
                                     const sdk::Augmentation& how) const override {
    sdk::Example warped = sdk::warp_pixels(originals, how, sdk::Sampling::nearest);
    const torch::Tensor across = torch::where(how.mirrored, torch::full({}, -1.0F), torch::ones({}));
    const torch::Tensor axes = torch::stack({across, torch::ones_like(how.scale), how.scale}, 1);
    const torch::Tensor turned = warped.target * axes.reshape({-1, 3, 1, 1});
    warped.target = turned / turned.norm(2, 1, true).clamp_min(1e-6);
    return warped;
  }

  [[nodiscard]] const std::vector<sdk::Metric>& metrics() const noexcept override {
    static const std::vector<sdk::Metric> list{{"mean_angle", "degrees", false},
                                               {"median_angle", "degrees", false},
                                               {"within_11.25", "%", true},
                                               {"within_22.5", "%", true},
                                               {"within_30", "%", true}};
    return list;
  }

  [[nodiscard]] torch::Tensor measure(const torch::Tensor& prediction, const torch::Tensor& target,
                                      const torch::Tensor& mask) const override {
    const torch::Tensor angle = degrees_between(prediction, target);
    std::vector<torch::Tensor> columns{sdk::mean_per_image(angle, mask), sdk::median_per_image(angle, mask)};
    for (const double limit : {11.25, 22.5, 30.0})
      columns.push_back(sdk::mean_per_image(angle.lt(limit).to(torch::kFloat32) * 100.0, mask));
    return torch::stack(columns, 1);
  }

 protected:
  [[nodiscard]] torch::Tensor draw(const torch::Tensor& values, const torch::Tensor& mask) const override {
    const torch::Tensor axes = torch::tensor({1.0F, -1.0F, -1.0F}).reshape({3, 1, 1});
    return PixelTask::draw(values.to(torch::kFloat32) * axes, mask);
  }

 private:
  sdk::NormalOptions options_;
};

}  // namespace

TASKONOMY_EXPORT_TASK(Normal, "normal", "Which way each surface faces")
