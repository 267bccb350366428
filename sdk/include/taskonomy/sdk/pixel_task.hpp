// The ready-made base of the common kind of task: one view, a label per pixel, the pixel decoder, an L1 loss.
// A plugin that derives from it states its info and its label, and overrides what differs.
#pragma once

#include <memory>
#include <string_view>

#include <taskonomy/sdk/extensions.hpp>
#include <taskonomy/sdk/task.hpp>

namespace taskonomy::sdk {

/// A single-view task with targets [C,H,W].
class TX_API PixelTask : public Task, protected Visualize {
 public:
  ~PixelTask() override;
  [[nodiscard]] const TaskInfo& info() const noexcept override { return info_; }
  /// The pixel decoder with as many channels as TaskInfo::prediction. Tanh bounds its output where the
  /// prediction's range is [-1,1].
  [[nodiscard]] std::shared_ptr<Decoder> make_decoder(const DecoderConfig& config) const override;
  /// l1_loss().
  [[nodiscard]] torch::Tensor loss(const torch::Tensor& prediction, const torch::Tensor& target,
                                   const torch::Tensor& mask) const override;
  /// Visualize; Metrics, PooledMetrics, EncoderInput, Redraw, Illustrate (figure.hpp) and Augment (augment.hpp) for a
  /// class that also derives from them publicly.
  [[nodiscard]] const void* extension(std::string_view id) const noexcept override;

 protected:
  explicit PixelTask(TaskInfo info);
  /// Draws three channels as RGB, otherwise the first as grey, from low to high of TaskInfo::target.
  [[nodiscard]] torch::Tensor draw(const torch::Tensor& values, const torch::Tensor& mask) const override;

 private:
  TaskInfo info_;
};

/// A TaskInfo with target and prediction float32 [channels,H,W] that needs rgb. The target lies in low..high;
/// so does the prediction where that is [-1,1] (tanh), otherwise it is unbounded. Set the other fields where
/// their defaults do not fit.
[[nodiscard]] TX_API TaskInfo pixel_task_info(std::string id, std::string title, std::string family,
                                              std::int64_t channels, double low, double high);

}  // namespace taskonomy::sdk
