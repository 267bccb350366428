// Random projection: an encoder as it was initialised, never trained: the floor that every other
// source should beat.
//
//   label       float32 [3,H,W] in [-1,1]: the image itself, intensities 0..255 scaled, as in autoencoding.
//               Nothing is trained with it; it is there so that no code needs a special case.
//   input       the plain image
//   prediction  float32 [3,H,W] in [-1,1] (tanh)
//   loss        mean |prediction - label| over channels and pixels
//   mask        none
//   role        source only; its encoder needs no labels (label_cost 0)
//   parameters  none
//   source      Zamir et al., "Taskonomy", CVPR 2018, task "Random projection"
#include <taskonomy/sdk/modality.hpp>
#include <taskonomy/sdk/pixel_task.hpp>
#include <taskonomy/sdk/plugin.hpp>

namespace {

using namespace taskonomy;

sdk::TaskInfo describe() {
  sdk::TaskInfo info = sdk::pixel_task_info("random", "Random projection", "untrained", 3, -1.0, 1.0);
  info.role = sdk::Role::source;
  info.trained = false;
  info.label_cost = 0.0;
  return info;
}

class Random final : public sdk::PixelTask {
 public:
  explicit Random(const sdk::TaskContext&) : PixelTask(describe()) {}

  [[nodiscard]] sdk::Example make_example(const sdk::Sample& sample, torch::Generator&) const override {
    sdk::Example example;
    example.target = sdk::scaled_rgb(sample).select(0, 0);
    return example;
  }
};

}  // namespace

TASKONOMY_EXPORT_TASK(Random, "random", "An encoder that was never trained")
