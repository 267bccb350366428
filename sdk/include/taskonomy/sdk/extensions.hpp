// Optional abilities of a task, asked for by versioned id: Task::extension("taskonomy.visualize/1").
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
  /// target or prediction of one image (no batch dimension), mask or undefined -> RGB uint8 [3,H,W] of the
  /// image side. Pixels outside the mask are grey (128). A label without pixels (classes) may be drawn as a
  /// bar chart.
  [[nodiscard]] virtual torch::Tensor draw(const torch::Tensor& values, const torch::Tensor& mask) const = 0;
};

/// One number by which practitioners of a task judge a prediction, beside its loss.
struct Metric {
  std::string name;  ///< [a-z0-9_.]+: "abs_rel", "within_11.25"
  std::string unit;  ///< "degrees", "m", "%", "dB"; empty for a plain number
  bool higher_is_better = false;
};

/// Judges predictions by the task's customary metrics. They are reported; tournaments use the loss alone.
class TX_API Metrics {
 public:
  static constexpr std::string_view kId = "taskonomy.metrics/1";
  virtual ~Metrics();
  /// K of them, the most telling first; the same list for the life of the task.
  [[nodiscard]] virtual const std::vector<Metric>& metrics() const noexcept = 0;
  /// prediction [B,...], target [B,...], mask [B,...] or undefined -> [B,K] float32, NaN where an image has
  /// no value for a metric. The host reports the mean over images, NaN left out.
  [[nodiscard]] virtual torch::Tensor measure(const torch::Tensor& prediction, const torch::Tensor& target,
                                              const torch::Tensor& mask) const = 0;
};

/// An extension without functions: the target itself depends on make_example's generator though the network
/// sees the plain image, as where region tasks draw the pixels that they compare. Tasks with an input of
/// their own need not declare it: what they hide or add is in the input.
struct RandomLabel {
  static constexpr std::string_view kId = "taskonomy.random-label/1";
};

/// The extension of type T that a task offers, or null.
template <typename T>
const T* extension_of(const Task& task) {
  return static_cast<const T*>(task.extension(T::kId));
}

}  // namespace taskonomy::sdk
