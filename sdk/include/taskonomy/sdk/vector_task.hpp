// The kind of task whose label is a few numbers for the whole image or pair of images: classes, poses,
// directions. A plugin that derives from it states its info and its label, draws it and measures it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <taskonomy/sdk/decoder.hpp>
#include <taskonomy/sdk/extensions.hpp>
#include <taskonomy/sdk/task.hpp>

namespace taskonomy::sdk {

/// Brings K numbers of different units to about zero mean and unit variance: (value - mean) / deviation.
/// Mean and deviation are constants of the task, measured once, because a label must not depend on the split.
class TX_API Whitening {
 public:
  /// Reads the parameters "mean" and "deviation" (lists of as many numbers as the defaults have); throws
  /// std::invalid_argument when a list has another length or a deviation is not above 0.
  Whitening(Params& params, std::vector<double> mean, std::vector<double> deviation);
  /// values [...,K] -> [...,K]
  [[nodiscard]] torch::Tensor whitened(const torch::Tensor& values) const;
  /// The way back.
  [[nodiscard]] torch::Tensor restored(const torch::Tensor& whitened) const;

 private:
  torch::Tensor mean_, deviation_;  ///< float32 [K]
};

/// A task with targets [K] and, where the label can be missing, a mask [1].
class TX_API VectorTask : public Task, protected Visualize, protected Metrics {
 public:
  ~VectorTask() override;
  [[nodiscard]] const TaskInfo& info() const noexcept override { return info_; }
  /// The vector decoder with as many outputs as TaskInfo::prediction.
  [[nodiscard]] std::shared_ptr<Decoder> make_decoder(const DecoderConfig& config) const override;
  /// l2_loss().
  [[nodiscard]] torch::Tensor loss(const torch::Tensor& prediction, const torch::Tensor& target,
                                   const torch::Tensor& mask) const override;
  [[nodiscard]] const void* extension(std::string_view id) const noexcept override;

 protected:
  VectorTask(TaskInfo info, std::int64_t side, std::vector<Metric> metrics, HiddenLayers layers = {});
  [[nodiscard]] std::int64_t side() const noexcept { return side_; }
  /// The metrics of a batch without a mask: prediction and target float32 [B,K] on one device -> [B,M].
  [[nodiscard]] virtual torch::Tensor judge(const torch::Tensor& prediction,
                                            const torch::Tensor& target) const = 0;
  /// A target or prediction float32 [K] on the CPU as RGB uint8 [3,side,side].
  [[nodiscard]] virtual torch::Tensor picture(const torch::Tensor& values) const = 0;

 private:
  [[nodiscard]] const std::vector<Metric>& metrics() const noexcept final { return metrics_; }
  /// judge(), NaN for images whose mask is false.
  [[nodiscard]] torch::Tensor measure(const torch::Tensor& prediction, const torch::Tensor& target,
                                      const torch::Tensor& mask) const final;
  /// picture(), all grey where the mask is false or a value is not finite.
  [[nodiscard]] torch::Tensor draw(const torch::Tensor& values, const torch::Tensor& mask) const final;

  TaskInfo info_;
  std::int64_t side_;
  std::vector<Metric> metrics_;
  HiddenLayers layers_;
};

/// A TaskInfo with target and prediction float32 [length], unbounded, and a mask per image. The other fields
/// at their defaults.
[[nodiscard]] TX_API TaskInfo vector_task_info(std::string id, std::string title, std::string family,
                                               std::int64_t length);

/// The first view of a modality [V,shape...] of any numeric type as float32. Throws std::invalid_argument
/// naming sample, modality and both shapes.
[[nodiscard]] TX_API torch::Tensor require_numbers(const Sample& sample, const std::string& modality,
                                                   const std::vector<std::int64_t>& shape);

/// The label `values`, and the mask that says whether it is `known`; zeros where it is not.
[[nodiscard]] TX_API Example vector_example(const torch::Tensor& values, bool known);

}  // namespace taskonomy::sdk
