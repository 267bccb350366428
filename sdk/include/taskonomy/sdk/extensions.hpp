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

/// Says that the target depends on make_example's generator although the network sees the plain image: region
/// tasks draw the pixels that they compare. Offering it is all; it has no functions. Tasks with an input of
/// their own need not declare it, because what they hide or add is in the input.
struct RandomLabel {
  static constexpr std::string_view kId = "taskonomy.random-label/1";
};

/// The extension of type T that a task offers, or null: extension_of<Metrics>(task).
template <typename T>
const T* extension_of(const Task& task) {
  return static_cast<const T*>(task.extension(T::kId));
}

}  // namespace taskonomy::sdk
