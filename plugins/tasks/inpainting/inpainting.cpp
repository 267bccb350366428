// Inpainting (context encoding): the whole image from one whose centre is missing.
//
//   label       float32 [3,H,W] in [-1,1]: the whole image, intensities 0..255 scaled
//   input       the task's own, float32 [1,3,H,W]: the image with its central H/2 x W/2 rectangle set
//               to 0, mid grey
//   prediction  float32 [3,H,W] in [-1,1] (tanh)
//   loss        mean |prediction - label| over channels and all pixels, the visible ones too
//   mask        none
//   metrics     psnr: 10 log10(1 / mean squared error), dB; l1: mean |prediction - label|; both of
//               intensities in 0..1, over the whole image
//   role        source only
//   parameters  none
//   differs     The reference trains 0.996 of this loss + 0.004 of a conditional GAN's; its tournaments
//               compare this loss alone.
//   source      Zamir et al., "Taskonomy", CVPR 2018, task "In-painting"; Pathak et al., "Context
//               Encoders", CVPR 2016
#include <taskonomy/sdk/augment.hpp>
#include <taskonomy/sdk/metrics.hpp>
#include <taskonomy/sdk/modality.hpp>
#include <taskonomy/sdk/pixel_task.hpp>
#include <taskonomy/sdk/plugin.hpp>

namespace {

using namespace taskonomy;

sdk::TaskInfo describe() {
  sdk::TaskInfo info = sdk::pixel_task_info("inpainting", "In-painting", "self-supervised", 3, -1.0, 1.0);
  info.role = sdk::Role::source;
  info.input = sdk::InputKind::own;
  info.label_cost = 0.0;  // computed from the image
  return info;
}

class Inpainting final : public sdk::PixelTask, public sdk::ImageMetrics, public sdk::Augment {
 public:
  explicit Inpainting(const sdk::TaskContext&) : PixelTask(describe()) {}

  [[nodiscard]] sdk::Example make_example(const sdk::Sample& sample, torch::Generator&) const override {
    const torch::Tensor whole = sdk::scaled_rgb(sample).slice(0, 0, 1);
    sdk::Example example;
    example.input = without_centre(whole);
    example.target = whole.select(0, 0);
    return example;
  }

  [[nodiscard]] sdk::Example augment(const sdk::Example&, const sdk::Augmentation& how) const override {
    sdk::Example example;
    example.input = without_centre(how.images).unsqueeze(1);
    example.target = how.images;
    return example;
  }

 private:
  /// Images [B,3,H,W] with their central H/2 x W/2 rectangle set to 0.
  static torch::Tensor without_centre(const torch::Tensor& images) {
    const std::int64_t height = images.size(2), width = images.size(3);
    torch::Tensor holed = images.clone();
    holed.narrow(2, height / 4, height / 2).narrow(3, width / 4, width / 2).zero_();
    return holed;
  }
};

}  // namespace

TASKONOMY_EXPORT_TASK(Inpainting, "inpainting", "The whole image from one whose centre is missing")
