// The ready-made base of tasks whose label is a few numbers for the whole image or pair of images: classes,
// poses, directions. A plugin that derives from it states its info and its label, draws it and measures it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <taskonomy/sdk/extensions.hpp>
#include <taskonomy/sdk/task.hpp>

namespace taskonomy::sdk {

/// Brings K numbers of different units to zero mean and unit variance: (value - mean) / deviation, so that all
/// weigh alike in a loss.
class TX_API Whitening {
 public:
  /// Takes "mean" and "deviation" from the recipe, lists of K numbers, or these defaults, which serve where
  /// nothing has been measured yet: before a run, in previews. Throws std::invalid_argument when a list has another
  /// length or a deviation is not above 0.
  Whitening(Params& params, std::vector<double> mean, std::vector<double> deviation);
  /// Values [...,K] -> whitened ones [...,K].
  [[nodiscard]] torch::Tensor whiten(const torch::Tensor& values) const;
  /// Whitened values [...,K] -> the values [...,K].
  [[nodiscard]] torch::Tensor restore(const torch::Tensor& whitened) const;

 private:
  torch::Tensor mean_, deviation_;  ///< float32 [K]
};

/// Has the host measure a task's whitening on the run's own training split, once, unless the recipe gives it: it
/// then makes the task with "mean" and "deviation" as if they stood in the recipe, and keeps them with the
/// examples. Other data have other cameras and rooms, and with the constants of one data set some numbers weigh
/// too much in the loss on another. Inherit it publicly beside VectorTask.
class TX_API MeasuredWhitening {
 public:
  static constexpr std::string_view kId = "taskonomy.measured-whitening/1";
  virtual ~MeasuredWhitening();
  /// Whether the recipe gives "mean" or "deviation", so that nothing is measured.
  [[nodiscard]] bool given() const noexcept { return given_; }
  /// Of K numbers; a target [n K] is n times as many, whitened alike.
  [[nodiscard]] virtual const Whitening& whitening() const noexcept = 0;

 protected:
  /// `params`: the task's own table, TaskContext::params.
  explicit MeasuredWhitening(const Params& params);

 private:
  bool given_;
};

/// A task with targets [K] and, where a label may be missing, a mask [1].
class TX_API VectorTask : public Task, protected Visualize, protected Metrics {
 public:
  ~VectorTask() override;
  [[nodiscard]] const TaskInfo& info() const noexcept override { return info_; }
  /// The vector decoder with as many outputs as TaskInfo::prediction has numbers.
  [[nodiscard]] std::shared_ptr<Decoder> make_decoder(const DecoderConfig& config) const override;
  /// l2_loss().
  [[nodiscard]] torch::Tensor loss(const torch::Tensor& prediction, const torch::Tensor& target,
                                   const torch::Tensor& mask) const override;
  /// Visualize and Metrics; Illustrate (figure.hpp), Augment (augment.hpp) and MeasuredWhitening for a class that also
  /// derives from them publicly.
  [[nodiscard]] const void* extension(std::string_view id) const noexcept override;

 protected:
  VectorTask(TaskInfo info, std::int64_t side, std::vector<Metric> metrics, HiddenLayers layers = {});
  [[nodiscard]] std::int64_t side() const noexcept { return side_; }
  /// The M metrics of a batch as if all images counted: prediction and target float32 [B,K] on one device ->
  /// [B,M].
  [[nodiscard]] virtual torch::Tensor judge(const torch::Tensor& prediction,
                                            const torch::Tensor& target) const = 0;
  /// Draws a target or prediction float32 [K], on the CPU -> RGB uint8 [3,side,side].
  [[nodiscard]] virtual torch::Tensor draw_values(const torch::Tensor& values) const = 0;

 private:
  [[nodiscard]] const std::vector<Metric>& metrics() const noexcept final { return metrics_; }
  /// judge(), NaN for images whose mask is false.
  [[nodiscard]] torch::Tensor measure(const torch::Tensor& prediction, const torch::Tensor& target,
                                      const torch::Tensor& mask) const final;
  /// draw_values(), all grey where the mask is false or a value is not finite.
  [[nodiscard]] torch::Tensor draw(const torch::Tensor& values, const torch::Tensor& mask) const final;

  TaskInfo info_;
  std::int64_t side_;
  std::vector<Metric> metrics_;
  HiddenLayers layers_;
};

/// A TaskInfo with target and prediction float32 [length], unbounded, and a mask per image. Set the other
/// fields where their defaults do not fit.
[[nodiscard]] TX_API TaskInfo vector_task_info(std::string id, std::string title, std::string family,
                                               std::int64_t length);

/// The first view of a modality [V,shape...] of any numeric type as float32. Throws std::invalid_argument
/// naming sample, modality and both shapes.
[[nodiscard]] TX_API torch::Tensor require_numbers(const Sample& sample, const std::string& modality,
                                                   const std::vector<std::int64_t>& shape);

/// The example with the label `values` where it is `known`; otherwise zeros and a mask that is false.
[[nodiscard]] TX_API Example vector_example(const torch::Tensor& values, bool known);

}  // namespace taskonomy::sdk
