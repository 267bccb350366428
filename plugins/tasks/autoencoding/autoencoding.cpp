// Autoencoding: reproduce the image through the bottleneck of the representation.
//
//   label       float32 [3,H,W] in [-1,1]: the image itself, intensities 0..255 scaled
//   input       the plain image
//   prediction  float32 [3,H,W] in [-1,1] (tanh)
//   loss        mean |prediction - label| over channels and pixels
//   mask        none
//   metrics     psnr: 10 log10(1 / mean squared error), dB; l1: mean |prediction - label|; both of
//               intensities in 0..1
//   parameters  none
//   differs     The reference trains 0.996 of this loss + 0.004 of a conditional GAN's; its tournaments
//               compare this loss alone.
//   source      Zamir et al., "Taskonomy", CVPR 2018, task "Autoencoding": a compression like that of PCA,
//               but not linear
#include <taskonomy/sdk/augment.hpp>
#include <taskonomy/sdk/metrics.hpp>
#include <taskonomy/sdk/modality.hpp>
#include <taskonomy/sdk/pixel_task.hpp>
#include <taskonomy/sdk/plugin.hpp>

namespace {

using namespace taskonomy;

sdk::TaskInfo describe() {
  sdk::TaskInfo info = sdk::pixel_task_info("autoencoding", "Autoencoding", "self-supervised", 3, -1.0, 1.0);
  info.label_cost = 0.0;  // computed from the image
  return info;
}

class Autoencoding final : public sdk::PixelTask, public sdk::ImageMetrics, public sdk::Augment {
 public:
  explicit Autoencoding(const sdk::TaskContext&) : PixelTask(describe()) {}

  [[nodiscard]] sdk::Example make_example(const sdk::Sample& sample, torch::Generator&) const override {
    sdk::Example example;
    example.target = sdk::scaled_rgb(sample).select(0, 0);
    return example;
  }

  [[nodiscard]] sdk::Example augment(const sdk::Example&, const sdk::Augmentation& how) const override {
    sdk::Example example;
    example.target = how.images;
    return example;
  }
};

}  // namespace

TASKONOMY_EXPORT_TASK(Autoencoding, "autoencoding", "The image itself, through the bottleneck")
