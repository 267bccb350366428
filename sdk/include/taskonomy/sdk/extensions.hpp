// Optional abilities of a task, asked for by versioned id: Task::extension("taskonomy.visualize/1").
#pragma once

#include <string_view>

#include <torch/torch.h>

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

/// The extension of type T that a task offers, or null.
template <typename T>
const T* extension_of(const Task& task) {
  return static_cast<const T*>(task.extension(T::kId));
}

}  // namespace taskonomy::sdk
