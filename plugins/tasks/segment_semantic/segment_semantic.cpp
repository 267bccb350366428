// Semantic segmentation: which class of thing each pixel shows.
//
//   label       uint8 [1,H,W]: class id minus 1, so 0..C-2 for the data set's classes 1..C-1, from the
//               modality "segment_semantic". The data set names the classes; its class 0 means "uncertain".
//   input       the plain image
//   prediction  float32 [C-1,H,W], logits
//   loss        mean over masked pixels of -log softmax(prediction)[label]; classes weigh as
//               often as they occur
//   mask        one per pixel: the class is not 0
//   metrics     miou: mean over classes of |predicted and labelled so| / |predicted or labelled so|, %,
//               where both are counted over all test images; classes that are neither stay out.
//               image_miou: the same of each image for the classes that its label has, then the mean
//               over images; do not compare it with published mIoU. pixel_accuracy, %. All over masked
//               pixels, with the class of the highest logit.
//   drawing     one colour per class, and a key with the names of those that are there
//   parameters  none
//   differs     The reference weighs pixels by how rare their class is and puts tanh on the logits.
//   source      Zamir et al., "Taskonomy", CVPR 2018, task "Semantic segmentation"
#include <stdexcept>
#include <string>
#include <vector>

#include <taskonomy/sdk/augment.hpp>
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

class SegmentSemantic final : public sdk::PixelTask,
                              public sdk::Metrics,
                              public sdk::Illustrate,
                              public sdk::PooledMetrics,
                              public sdk::Augment {
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

  [[nodiscard]] sdk::Example augment(const sdk::Example& originals,
                                     const sdk::Augmentation& how) const override {
    return sdk::warp_pixels(originals, how, sdk::Sampling::nearest);
  }

  [[nodiscard]] const std::vector<sdk::Metric>& metrics() const noexcept override { return metrics_; }
  [[nodiscard]] torch::Tensor measure(const torch::Tensor& prediction, const torch::Tensor& target,
                                      const torch::Tensor& mask) const override {
    const torch::Tensor counts = count(prediction, target, mask).unflatten(1, {3, -1});
    const torch::Tensor both = counts.select(1, 0), labelled = counts.select(1, 1),
                        either = counts.select(1, 2);
    // 0 / 0 is NaN, for images without a masked pixel too.
    const torch::Tensor overlap = torch::where(labelled > 0, both / either, torch::zeros_like(both));
    const torch::Tensor image_miou = overlap.sum(1) / labelled.gt(0).sum(1);
    const torch::Tensor right = both.sum(1) / labelled.sum(1);
    return 100.0 * torch::stack({image_miou, right}, 1).to(torch::kFloat32);
  }

  [[nodiscard]] const std::vector<sdk::Metric>& pooled_metrics() const noexcept override { return pooled_; }
  /// Pixels of each class: rightly predicted, labelled, and predicted or labelled, [B,3C].
  [[nodiscard]] torch::Tensor count(const torch::Tensor& prediction, const torch::Tensor& target,
                                    const torch::Tensor& mask) const override {
    const std::int64_t classes = info().prediction.shape[0];
    const torch::Tensor predicted = prediction.argmax(1, true), labels = target.to(torch::kInt64);
    std::vector<torch::Tensor> rows;
    for (std::int64_t image = 0; image < prediction.size(0); ++image) {
      const torch::Tensor counted =
          mask.defined() ? mask[image].to(torch::kBool) : torch::ones_like(labels[image], torch::kBool);
      const torch::Tensor guess = predicted[image].masked_select(counted),
                          label = labels[image].masked_select(counted);
      const torch::Tensor both = torch::bincount(label.masked_select(guess.eq(label)), {}, classes);
      const torch::Tensor labelled = torch::bincount(label, {}, classes);
      rows.push_back(torch::cat({both, labelled, labelled + torch::bincount(guess, {}, classes) - both}));
    }
    return torch::stack(rows).to(torch::kCPU, torch::kFloat64);
  }
  [[nodiscard]] torch::Tensor pool(const torch::Tensor& sums) const override {
    const torch::Tensor counts = sums.unflatten(0, {3, -1});
    const torch::Tensor there = counts[2] > 0;
    return 100.0 * (counts[0].masked_select(there) / counts[2].masked_select(there)).mean(0, true);
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
  std::vector<std::string> names_;  ///< of the labels
  std::vector<sdk::Metric> pooled_{{"miou", "%", true}};
  std::vector<sdk::Metric> metrics_{{"image_miou", "%", true}, {"pixel_accuracy", "%", true}};
};

}  // namespace

TASKONOMY_EXPORT_TASK(SegmentSemantic, "segment_semantic", "Class of what each pixel shows")
