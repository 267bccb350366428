// Optional abilities of a task, for authors who go without a ready-made base: the host asks for one by its
// versioned id, Task::extension("taskonomy.visualize/1"), and does without it where the answer is null.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <taskonomy/sdk/torch.hpp>

#include <taskonomy/sdk/task.hpp>

namespace taskonomy::sdk {

/// Draws targets and predictions so that a person can judge them.
class TX_API Visualize {
 public:
  static constexpr std::string_view kId = "taskonomy.visualize/1";
  virtual ~Visualize();
  /// Target or prediction of one image (no batch dimension), mask or undefined -> RGB uint8 [3,side,side].
  /// Pixels outside the mask are grey (128). A label without pixels, such as classes, may be a bar chart
  /// (toolbox/drawing.hpp).
  [[nodiscard]] virtual torch::Tensor draw(const torch::Tensor& values, const torch::Tensor& mask) const = 0;
};

/// A number by which practitioners of a task judge a prediction, beside its loss.
struct Metric {
  std::string name;  ///< [a-z0-9_.]+: "abs_rel", "within_11.25"
  std::string unit;  ///< "degrees", "m", "%", "dB"; "" for a plain number
  bool higher_is_better = false;
};

/// Judges predictions by the task's customary metrics. The host reports them; tournaments use the loss alone.
class TX_API Metrics {
 public:
  static constexpr std::string_view kId = "taskonomy.metrics/1";
  virtual ~Metrics();
  /// The K metrics, the most telling first. The list stays the same for the life of the task.
  [[nodiscard]] virtual const std::vector<Metric>& metrics() const noexcept = 0;
  /// prediction [B,...], target [B,...], mask [B,...] or undefined -> float32 [B,K], NaN where an image has
  /// no value for a metric. The host reports the mean over the images that have one.
  [[nodiscard]] virtual torch::Tensor measure(const torch::Tensor& prediction, const torch::Tensor& target,
                                              const torch::Tensor& mask) const = 0;
};

/// Metrics of a whole test split that are no mean over its images, such as mIoU, whose intersections and unions are
/// added up over all images before one is divided by the other. The host reports them before those of Metrics.
class TX_API PooledMetrics {
 public:
  static constexpr std::string_view kId = "taskonomy.pooled-metrics/1";
  virtual ~PooledMetrics();
  /// The P metrics, none of them named as one of Metrics. The list stays the same for the life of the task.
  [[nodiscard]] virtual const std::vector<Metric>& pooled_metrics() const noexcept = 0;
  /// What each image adds to M sums: prediction, target and mask as Metrics::measure() has them -> float64 [B,M].
  [[nodiscard]] virtual torch::Tensor count(const torch::Tensor& prediction, const torch::Tensor& target,
                                            const torch::Tensor& mask) const = 0;
  /// The metrics of the sums over all images, float64 [M] -> float64 [P]; NaN for no value.
  [[nodiscard]] virtual torch::Tensor pool(const torch::Tensor& sums) const = 0;
};

/// Turns plain images into what the task's encoder was trained on. Offer it with an input of your own
/// (InputKind::own) that is a function of the image alone, such as its lightness: transfers to other tasks read
/// the encoder's representations of plain images, and without this they would be of images that it never saw the
/// like of. Go without where the input adds or hides something (noise, a missing centre): the encoder then sees
/// the clean, whole image, as in the paper.
class TX_API EncoderInput {
 public:
  static constexpr std::string_view kId = "taskonomy.encoder-input/1";
  virtual ~EncoderInput();
  /// Plain images float32 [B,3,H,W] in [-1,1] -> what the encoder sees, of the same shape, range and device. Of a
  /// sample's image this is the Example::input that make_example() gives, but for rounding.
  [[nodiscard]] virtual torch::Tensor encoder_input(const torch::Tensor& images) const = 0;
};

/// Draws the chance in a label or an input anew, so that a network meets other noise, another arrangement or other
/// pixels in every epoch of its training and cannot learn them by heart. Offer it wherever make_example() uses
/// its generator. The host calls it for training images, with a generator of its own for each seed, task, epoch
/// and image; validation and test images keep what make_example() drew, so that all competitors are judged by
/// the same. Transfers into a task with an input of its own keep it, too: their features are of that input.
class TX_API Redraw {
 public:
  static constexpr std::string_view kId = "taskonomy.redraw/1";
  virtual ~Redraw();
  /// The example of a sample with other chance: as make_example() would give it for another generator. `views`:
  /// the sample's plain images, float32 [V,3,H,W] in [-1,1]. `drawn`: what make_example() gave once, without its
  /// input; what costs time and has no chance in it is taken from there. A pure function of its arguments.
  [[nodiscard]] virtual Example redraw(const torch::Tensor& views, const Example& drawn,
                                       torch::Generator& generator) const = 0;
};

/// Says that the target depends on make_example's generator although the network sees the plain image: region
/// tasks draw the pixels that they compare. Offering it is all; it has no functions. Tasks with an input of
/// their own need not declare it, because what they hide or add is in the input.
struct RandomLabel {
  static constexpr std::string_view kId = "taskonomy.random-label/1";
};

/// Says that in some modalities "no reading" is an answer: 0 of `instance` means that no object is there, and a
/// count of objects may be 0. Without it, the checks expect what has no reading to be masked.
class TX_API NoneIsAnswer {
 public:
  static constexpr std::string_view kId = "taskonomy.none-is-answer/1";
  virtual ~NoneIsAnswer();
  /// Names of those modalities, which the record asks for. The list stays the same for the life of the task.
  [[nodiscard]] virtual const std::vector<std::string>& answering_modalities() const noexcept = 0;
};

/// The extension of type T that a task offers, or null: extension_of<Metrics>(task).
template <typename T>
const T* extension_of(const Task& task) {
  return static_cast<const T*>(task.extension(T::kId));
}

}  // namespace taskonomy::sdk
