// Semantic segmentation: which class of thing each pixel shows.
//
//   label       uint8 [1,H,W]: class id minus 1, so 0..C-2 for the data set's classes 1..C-1, from the
//               modality "segment_semantic". The data set names the classes; its class 0 means "uncertain".
//   input       the plain image
//   prediction  float32 [C-1,H,W], logits
//   loss        mean over masked pixels of -log softmax(prediction)[label]; classes weigh as
//               often as they occur
//   mask        one per pixel: the class is not 0
//   metrics     miou: mean over the classes that the image's label has of |predicted and labelled so| /
//               |predicted or labelled so|, %; pixel_accuracy, %; both over masked pixels, with the class
//               of the highest logit. miou is a mean over images and not comparable with the mIoU of a
//               whole data set.
//   drawing     one colour per class, and a key with the names of those that are there
//   parameters  none
//   differs     The reference weighs pixels by how rare their class is and puts tanh on the logits.
//   source      Zamir et al., "Taskonomy", CVPR 2018, task "Semantic segmentation"
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include <taskonomy/sdk/figure.hpp>
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

class SegmentSemantic final : public sdk::PixelTask, public sdk::Metrics, public sdk::Illustrate {
 public:
  explicit SegmentSemantic(const sdk::TaskContext& context) : PixelTask(describe(context.dataset)) {
    const auto& names = context.dataset.class_names.at("segment_semantic");
    names_.assign(names.begin() + 1, names.end());  // a label is a class id minus 1
  }

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

  [[nodiscard]] const std::vector<sdk::Metric>& metrics() const noexcept override { return metrics_; }
  [[nodiscard]] torch::Tensor measure(const torch::Tensor& prediction, const torch::Tensor& target,
                                      const torch::Tensor& mask) const override {
    const torch::Tensor predicted = prediction.argmax(1, true), labels = target.to(torch::kInt64);
    std::vector<torch::Tensor> rows;
    for (std::int64_t image = 0; image < prediction.size(0); ++image) {
      const torch::Tensor counted =
          mask.defined() ? mask[image].to(torch::kBool) : torch::ones_like(labels[image], torch::kBool);
      rows.push_back(
          measure_image(predicted[image].masked_select(counted), labels[image].masked_select(counted)));
    }
    return torch::stack(rows);
  }

  /// values: class ids [1,H,W], or logits [C-1,H,W] of which the highest is drawn.
  [[nodiscard]] sdk::Figure illustrate(const torch::Tensor& values, const torch::Tensor& mask,
                                       const sdk::Sample&) const override {
    return sdk::segmentation_figure(values.is_floating_point() ? values.argmax(0, true) : values, names_,
                                    mask);
  }

 protected:
  [[nodiscard]] torch::Tensor draw(const torch::Tensor& values, const torch::Tensor& mask) const override {
    return illustrate(values, mask, {}).picture;
  }

 private:
  /// Class ids [n] of an image's masked pixels -> miou and pixel_accuracy, [2]; NaN where n = 0.
  [[nodiscard]] torch::Tensor measure_image(const torch::Tensor& predicted,
                                            const torch::Tensor& labels) const {
    if (labels.numel() == 0) return torch::full({2}, std::numeric_limits<float>::quiet_NaN());
    const std::int64_t classes = info().prediction.shape[0];
    const torch::Tensor right = predicted.eq(labels);
    const torch::Tensor both = torch::bincount(labels.masked_select(right), {}, classes).to(torch::kFloat32);
    const torch::Tensor labelled = torch::bincount(labels, {}, classes);
    const torch::Tensor either = labelled + torch::bincount(predicted, {}, classes) - both;
    const torch::Tensor overlap = (both / either).masked_select(labelled > 0);
    return 100.0 * torch::stack({overlap.mean(), right.to(torch::kFloat32).mean()}).to(torch::kCPU);
  }

  std::vector<std::string> names_;  ///< of the labels
  std::vector<sdk::Metric> metrics_{{"miou", "%", true}, {"pixel_accuracy", "%", true}};
};

}  // namespace

TASKONOMY_EXPORT_TASK(SegmentSemantic, "segment_semantic", "Class of what each pixel shows")
