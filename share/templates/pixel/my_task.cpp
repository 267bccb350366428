// My task: how near each pixel is. A template of one label per pixel; put your own label here.
//
//   label       float32 [1,H,W] in [-1,1]: 2 / (1 + depth) - 1, depth in metres: 1 at the camera, 0 at 1 m,
//               towards -1 far away
//   input       the plain image
//   prediction  float32 [1,H,W] in [-1,1] (tanh)
//   loss        mean |prediction - label| over the pixels of the mask
//   mask        one per pixel: false where the depth has no reading
//   metrics     l1: the same, as a number for people
//   parameters  none
//   source      who defined the label, and where
#include <taskonomy/sdk/metrics.hpp>
#include <taskonomy/sdk/modality.hpp>
#include <taskonomy/sdk/pixel_task.hpp>
#include <taskonomy/sdk/plugin.hpp>

namespace {

using namespace taskonomy;

// What the task is: id, title, family in the report, channels and range of the label; what it needs from a
// sample (the names are in taskonomy/sdk/sample.hpp) and what its labels cost beside those of other tasks.
sdk::TaskInfo describe() {
  sdk::TaskInfo info = sdk::pixel_task_info("my_task", "My task", "3D", 1, -1.0, 1.0);
  info.reference = "who defined the label, and where";
  info.modalities.emplace_back("depth_zbuffer");
  info.mask = sdk::MaskKind::pixel;
  info.label_cost = 1.0;
  return info;
}

// PixelTask brings the decoder, the loss and the drawing; override make_decoder(), loss() or draw() for your
// own.
class MyTask final : public sdk::PixelTask, public sdk::L1Metric {
 public:
  explicit MyTask(const sdk::TaskContext&) : sdk::PixelTask(describe()), sdk::L1Metric(1.0) {}

  // The label of one sample. What cannot be known goes to the mask; nothing here throws because of a pixel.
  [[nodiscard]] sdk::Example make_example(const sdk::Sample& sample, torch::Generator&) const override {
    const torch::Tensor depth = sdk::require_view(sample, "depth_zbuffer", 1);  // [1,H,W], m; 0 = no reading
    sdk::Example example;
    example.mask = torch::isfinite(depth).logical_and(depth > 0.0);
    example.target = torch::where(example.mask, 2.0 / (1.0 + depth) - 1.0, torch::zeros({}));
    return example;
  }
};

}  // namespace

TASKONOMY_EXPORT_TASK(MyTask, "my_task", "How near each pixel is")
