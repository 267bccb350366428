// My task: how much room there is on the left, ahead and on the right. A template of a few numbers per
// image; put your own label here.
//
//   label       float32 [3], whitened: median depth in the left, middle and right third of the image, m
//   input       the plain image
//   prediction  float32 [3], whitened
//   loss        mean (prediction - label)^2
//   mask        one per image: false where a third has no depth reading
//   metrics     error: mean |difference| of the three, m
//   drawing     a bar for each third
//   parameters  mean, deviation (three numbers each): of the label before whitening; measured on scenes
//   source      who defined the label, and where
#include <cmath>

#include <taskonomy/sdk/modality.hpp>
#include <taskonomy/sdk/plugin.hpp>
#include <taskonomy/sdk/toolbox/drawing.hpp>
#include <taskonomy/sdk/vector_task.hpp>

namespace {

using namespace taskonomy;

// What the task is: id, title, family in the report, how many numbers; what it needs from a sample (the names
// are in taskonomy/sdk/sample.hpp) and what its labels cost beside those of other tasks.
sdk::TaskInfo describe() {
  sdk::TaskInfo info = sdk::vector_task_info("my_task", "My task", "geometric", 3);
  info.reference = "who defined the label, and where";
  info.modalities.emplace_back("depth_zbuffer");
  info.label_cost = 1.0;
  return info;
}

// VectorTask brings the decoder, the loss and the mask; whitening brings numbers of any unit near 0 +- 1.
class MyTask final : public sdk::VectorTask {
 public:
  explicit MyTask(const sdk::TaskContext& context)
      : sdk::VectorTask(describe(), context.side, {{"error", "m", false}}),
        whitening_(context.params, {2.2, 2.5, 2.2}, {0.7, 0.7, 0.8}) {}

  // The label of one sample, and whether it is known.
  [[nodiscard]] sdk::Example make_example(const sdk::Sample& sample, torch::Generator&) const override {
    const torch::Tensor depth = sdk::require_view(sample, "depth_zbuffer", 1);  // [1,H,W], m; 0 = no reading
    const torch::Tensor readings = depth.masked_fill(~(depth.gt(0.0) & depth.isfinite()), NAN);
    std::vector<torch::Tensor> room;
    for (const torch::Tensor& third : readings.tensor_split(3, 2)) room.push_back(third.nanmedian());
    const torch::Tensor label = torch::stack(room);
    return sdk::vector_example(whitening_.whiten(label), torch::isfinite(label).all().item<bool>());
  }

 private:
  // The metrics of a batch [B,3] -> [B,1].
  [[nodiscard]] torch::Tensor judge(const torch::Tensor& prediction,
                                    const torch::Tensor& target) const override {
    return (whitening_.restore(prediction) - whitening_.restore(target)).abs().mean(1, true);
  }

  // A label or prediction [3] for people.
  [[nodiscard]] torch::Tensor draw_values(const torch::Tensor& values) const override {
    return sdk::draw_bars(whitening_.restore(values).clamp_min(0.0), side());
  }

  sdk::Whitening whitening_;
};

}  // namespace

TASKONOMY_EXPORT_TASK(MyTask, "my_task", "Room on the left, ahead and on the right")
