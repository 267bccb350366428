// Semantic segmentation: which class of thing each pixel shows.
//
//   label       class id minus 1, so 0..C-2 for the data set's classes 1..C-1   uint8 [1,H,W]
//               Class 0 of the data set means "uncertain" and is masked. The data set says how many classes
//               there are.
//   input       the plain image
//   prediction  logits [C-1,H,W]
//   loss        mean over masked pixels of -log softmax(logits)[label]; classes weigh as often as they occur
//   mask        pixel: the class is not 0
//   parameters  none
//   drawing     one colour per class
//   source      Zamir et al., Taskonomy, CVPR 2018, "Semantic segmentation"
#include <stdexcept>

#include <taskonomy/sdk/drawing.hpp>
#include <taskonomy/sdk/losses.hpp>
#include <taskonomy/sdk/modality.hpp>
#include <taskonomy/sdk/pixel_task.hpp>
#include <taskonomy/sdk/plugin.hpp>

namespace {

using namespace taskonomy;

sdk::TaskInfo describe(const sdk::DatasetInfo& dataset) {
  const auto names = dataset.class_names.find("segment_semantic");
  if (names == dataset.class_names.end() || names->second.size() < 2) {
    throw std::invalid_argument(
        "dataset \"" + dataset.id +
        "\" names no classes of segment_semantic (index 0 = uncertain, then the classes)");
  }
  const auto classes = static_cast<std::int64_t>(names->second.size()) - 1;
  sdk::TaskInfo info =
      sdk::pixel_task_info("segment_semantic", "Semantic segmentation", "semantic", classes, 0.0, 1.0);
  info.modalities = {"rgb", "segment_semantic"};
  info.mask = sdk::MaskKind::pixel;
  info.target = {{1, -1, -1}, torch::kUInt8, 0.0, static_cast<double>(classes - 1)};
  info.prediction.low = -INFINITY;
  info.prediction.high = INFINITY;
  return info;
}

class SegmentSemantic final : public sdk::PixelTask {
 public:
  explicit SegmentSemantic(const sdk::TaskContext& context) : PixelTask(describe(context.dataset)) {}

  [[nodiscard]] sdk::Example make_example(const sdk::Sample& sample, torch::Generator&) const override {
    const torch::Tensor classes = sdk::require_view(sample, "segment_semantic", 1).to(torch::kInt64);
    const std::int64_t most = info().prediction.shape[0], found = classes.max().item<std::int64_t>();
    if (found > most) {
      throw std::invalid_argument("sample \"" + sample.id + "\": segment_semantic holds class " +
                                  std::to_string(found) + ", but the data set declares classes 0.." +
                                  std::to_string(most));
    }
    sdk::Example example;
    example.mask = classes > 0;
    example.target = (classes - 1).clamp_min(0).to(torch::kUInt8);
    return example;
  }

  [[nodiscard]] torch::Tensor loss(const torch::Tensor& prediction, const torch::Tensor& target,
                                   const torch::Tensor& mask) const override {
    return sdk::pixel_cross_entropy(prediction, target, mask);
  }

 protected:
  /// values: class ids [1,H,W], or logits [C-1,H,W] of which the highest is drawn.
  [[nodiscard]] torch::Tensor draw(const torch::Tensor& values, const torch::Tensor& mask) const override {
    return sdk::draw_classes(values.is_floating_point() ? values.argmax(0, true) : values, mask);
  }
};

}  // namespace

TASKONOMY_EXPORT_TASK(SegmentSemantic, "segment_semantic", "Class of what each pixel shows")
