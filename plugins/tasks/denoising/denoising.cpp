// Denoising: reproduce the clean image from one with Gaussian noise.
//
//   label       float32 [3,H,W] in [-1,1]: the clean image, intensities 0..255 scaled
//   input       the task's own, float32 [1,3,H,W]: the image plus noise, clipped to [-1,1]
//               The noise is Gaussian, independent per pixel and channel. `variance` is that of
//               intensities in 0..1; in the network's range [-1,1] the standard deviation is twice as
//               large, 0.2 by default.
//   prediction  float32 [3,H,W] in [-1,1] (tanh)
//   loss        mean |prediction - label| over channels and pixels
//   mask        none
//   metrics     psnr: 10 log10(1 / mean squared error), dB; l1: mean |prediction - label|; both of
//               intensities in 0..1
//   parameters  variance (0.01; 0..1): of the noise, for intensities in 0..1. More makes the task harder
//                 and closer to inpainting.
//   differs     Validation, test and transfers keep the noise of an image; training draws it anew in
//               every epoch. The reference trains 0.996 of this loss + 0.004 of a conditional GAN's; its
//               tournaments compare this loss alone.
//   source      Zamir et al., "Taskonomy", CVPR 2018, task "Denoising"; the reference's noise is skimage's
//               random_noise(var=0.01)
#include <cmath>

#include <taskonomy/sdk/augment.hpp>
#include <taskonomy/sdk/metrics.hpp>
#include <taskonomy/sdk/modality.hpp>
#include <taskonomy/sdk/pixel_task.hpp>
#include <taskonomy/sdk/plugin.hpp>

namespace {

using namespace taskonomy;

sdk::TaskInfo describe() {
  sdk::TaskInfo info = sdk::pixel_task_info("denoising", "Denoising", "self-supervised", 3, -1.0, 1.0);
  info.input = sdk::InputKind::own;
  info.label_cost = 0.0;  // computed from the image
  return info;
}

class Denoising final : public sdk::PixelTask,
                        public sdk::ImageMetrics,
                        public sdk::Redraw,
                        public sdk::Augment {
 public:
  explicit Denoising(const sdk::TaskContext& context)
      : PixelTask(describe()), deviation_(2.0 * std::sqrt(context.params.real("variance", 0.01, 0.0, 1.0))) {}

  [[nodiscard]] sdk::Example make_example(const sdk::Sample& sample,
                                          torch::Generator& generator) const override {
    return redraw(sdk::scaled_rgb(sample), {}, generator);
  }

  [[nodiscard]] sdk::Example redraw(const torch::Tensor& views, const sdk::Example&,
                                    torch::Generator& generator) const override {
    const torch::Tensor clean = views.slice(0, 0, 1);
    const torch::Tensor noise = torch::randn(clean.sizes(), generator, torch::kFloat32);
    sdk::Example example;
    example.input = (clean + deviation_ * noise).clamp(-1.0, 1.0);
    example.target = clean.select(0, 0);
    return example;
  }

  /// The image that redraw() will add noise to.
  [[nodiscard]] sdk::Example augment(const sdk::Example&, const sdk::Augmentation& how) const override {
    sdk::Example example;
    example.target = how.images;
    return example;
  }

 private:
  double deviation_;  ///< of the noise, in the scale of [-1,1]
};

}  // namespace

TASKONOMY_EXPORT_TASK(Denoising, "denoising", "The clean image from a noisy one")
