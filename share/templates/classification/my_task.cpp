// My task: whether what is in view is near, at middle distance or far. A template of one class per image;
// put your own classes here.
//
//   label       float32 [3]: 1 for the class of the median depth, 0 for the others: near below 2 m,
//               far from 2.5 m
//   input       the plain image
//   prediction  float32 [3], logits
//   loss        -sum over classes of label * log softmax(prediction)
//   mask        one per image: false without a depth reading
//   metrics     top_1: % of images whose class is predicted
//   drawing     one bar per class
//   parameters  near (2 m), far (2.5 m): where the classes end
//   source      who defined the classes, and where
#include <taskonomy/sdk/class_task.hpp>
#include <taskonomy/sdk/modality.hpp>
#include <taskonomy/sdk/plugin.hpp>

namespace {

using namespace taskonomy;

enum DistanceClass { kNear, kMiddle, kFar, kClasses, kUnknown = -1 };

// What the task is: id, title, family in the report, how many classes; what it needs from a sample (the names
// are in taskonomy/sdk/sample.hpp) and what its labels cost beside those of other tasks.
sdk::TaskInfo describe() {
  sdk::TaskInfo info = sdk::class_task_info("my_task", "My task", "semantic", kClasses);
  info.reference = "who defined the classes, and where";
  info.modalities.emplace_back("depth_zbuffer");
  info.label_cost = 1.0;
  return info;
}

// ClassTask brings the decoder, the loss, the metrics and the drawing. Where the dataset itself names the
// classes, plugins need no make_example(): see the other constructor in taskonomy/sdk/class_task.hpp.
class MyTask final : public sdk::ClassTask {
 public:
  explicit MyTask(const sdk::TaskContext& context)
      : sdk::ClassTask(describe(), context.side),
        near_(context.params.real("near", 2.0, 0.0, 100.0)),
        far_(context.params.real("far", 2.5, near_, 100.0)) {}

  [[nodiscard]] sdk::Example make_example(const sdk::Sample& sample, torch::Generator&) const override {
    return sdk::class_example(class_of(sdk::require_view(sample, "depth_zbuffer", 1)), kClasses);
  }

 private:
  // The class of depth [1,H,W], m, where 0 is no reading.
  [[nodiscard]] DistanceClass class_of(const torch::Tensor& depth) const {
    const torch::Tensor readings = depth.masked_select(torch::isfinite(depth).logical_and(depth > 0.0));
    if (readings.numel() == 0) return kUnknown;
    const double median = readings.median().item<double>();
    return median < near_ ? kNear : median < far_ ? kMiddle : kFar;
  }

  double near_, far_;  // m
};

}  // namespace

TASKONOMY_EXPORT_TASK(MyTask, "my_task", "Near, at middle distance or far")
