// My task: the whole image from one in which cells of a grid are hidden. A template of a task that makes
// its labels from the image alone, so that they cost nothing; put your own game here.
//
//   label       float32 [3,H,W] in [-1,1]: the whole image, intensities 0..255 scaled
//   input       the task's own, float32 [1,3,H,W]: the image with hidden cells set to 0, mid grey
//   prediction  float32 [3,H,W] in [-1,1] (tanh)
//   loss        mean |prediction - label| over channels and all pixels
//   mask        none
//   metrics     psnr (dB), l1 (of intensities 0..1)
//   parameters  hidden (0.5; 0..1): share of cells that are hidden, at random
//               grid (8; 1..64): cells along each side
//   source      He et al., "Masked Autoencoders", CVPR 2022, in small
#include <taskonomy/sdk/metrics.hpp>
#include <taskonomy/sdk/modality.hpp>
#include <taskonomy/sdk/pixel_task.hpp>
#include <taskonomy/sdk/plugin.hpp>

namespace {

using namespace taskonomy;

// What the task is: id, title, family in the report, channels and range of the label. It makes its own input,
// and its labels cost nothing.
sdk::TaskInfo describe() {
  sdk::TaskInfo info = sdk::pixel_task_info("my_task", "My task", "self-supervised", 3, -1.0, 1.0);
  info.reference = "He et al., Masked Autoencoders, CVPR 2022";
  info.input = sdk::InputKind::own;
  info.label_cost = 0.0;
  return info;
}

// PixelTask brings the decoder, the loss and the drawing; override make_decoder(), loss() or draw() for your
// own.
class MyTask final : public sdk::PixelTask, public sdk::ImageMetrics {
 public:
  explicit MyTask(const sdk::TaskContext& context)
      : sdk::PixelTask(describe()),
        hidden_(context.params.real("hidden", 0.5, 0.0, 1.0)),
        grid_(context.params.integer("grid", 8, 1, 64)) {}

  // Input and label of one sample. All chance comes from the generator, so that a run can be repeated.
  [[nodiscard]] sdk::Example make_example(const sdk::Sample& sample,
                                          torch::Generator& generator) const override {
    const torch::Tensor whole = sdk::scaled_rgb(sample).slice(0, 0, 1);  // [1,3,H,W] in [-1,1]
    const torch::Tensor cells = torch::rand({1, 1, grid_, grid_}, generator, torch::kFloat32).ge(hidden_);
    const torch::Tensor visible =
        torch::upsample_nearest2d(cells.to(torch::kFloat32), {whole.size(2), whole.size(3)});
    sdk::Example example;
    example.input = whole * visible;
    example.target = whole.select(0, 0);
    return example;
  }

 private:
  double hidden_;
  std::int64_t grid_;
};

}  // namespace

TASKONOMY_EXPORT_TASK(MyTask, "my_task", "The whole image from one with hidden cells")
