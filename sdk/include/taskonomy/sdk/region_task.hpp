// Unsupervised segmentation as a task: regions without names, told apart by an embedding per pixel. A plugin
// states where its regions come from.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <taskonomy/sdk/extensions.hpp>
#include <taskonomy/sdk/pixel_task.hpp>
#include <taskonomy/sdk/toolbox/graph_segmentation.hpp>

namespace taskonomy::sdk {

/// What a plugin tells its base about itself.
struct RegionTaskOptions {
  std::string id;     ///< also the modality that is taken where the data set stores it
  std::string title;  ///< for people
  std::string family;
  /// TaskInfo::any_of
  std::vector<std::vector<std::string>> any_of;
  SegmentationOptions segmentation;  ///< defaults of the recipe's keys scale and least_share
};

/// Target int16 [2,H,W]: the region of each pixel, 0.. in the order of the ids, -1 = none; and 1 at the
/// `points` pixels that the loss compares, drawn by the example's generator, so that every competitor is
/// judged by the same pixels. Mask: one an image, false where the drawn pixels know fewer than two regions.
/// Prediction [dimensions,H,W], unbounded; loss metric_loss() of the drawn pixels; metric: adjusted Rand
/// index of their clusters against their regions. Recipe keys: points, dimensions, scale, least_share.
class TX_API RegionTask : public PixelTask, public Metrics {
 public:
  ~RegionTask() override;
  [[nodiscard]] Example make_example(const Sample& sample, torch::Generator& generator) const override;
  [[nodiscard]] torch::Tensor loss(const torch::Tensor& prediction, const torch::Tensor& target,
                                   const torch::Tensor& mask) const override;
  /// Also RandomLabel: which pixels are compared is drawn.
  [[nodiscard]] const void* extension(std::string_view id) const noexcept override;
  [[nodiscard]] const std::vector<Metric>& metrics() const noexcept override { return metrics_; }
  [[nodiscard]] torch::Tensor measure(const torch::Tensor& prediction, const torch::Tensor& target,
                                      const torch::Tensor& mask) const override;

 protected:
  RegionTask(const TaskContext& context, const RegionTaskOptions& options);
  /// Regions int32 [1,H,W] of a sample that does not store them, -1 = none. Pure.
  [[nodiscard]] virtual torch::Tensor derive_regions(const Sample& sample) const = 0;
  [[nodiscard]] const SegmentationOptions& segmentation() const { return segmentation_; }
  /// Regions in colours; an embedding by its principal components.
  [[nodiscard]] torch::Tensor draw(const torch::Tensor& values, const torch::Tensor& mask) const override;

 private:
  struct Points;  // the drawn pixels of a batch
  [[nodiscard]] Points drawn(const torch::Tensor& prediction, const torch::Tensor& target,
                             const torch::Tensor& mask) const;

  std::int64_t points_;
  SegmentationOptions segmentation_;
  std::vector<Metric> metrics_{{"adjusted_rand", "", true}};
};

}  // namespace taskonomy::sdk
