// The ready-made base of unsupervised segmentation: regions without names, told apart by an embedding per
// pixel. A plugin that derives from it states where its regions come from.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <taskonomy/sdk/extensions.hpp>
#include <taskonomy/sdk/pixel_task.hpp>
#include <taskonomy/sdk/toolbox/graph_segmentation.hpp>

namespace taskonomy::sdk {

/// What a plugin tells RegionTask about itself.
struct RegionTaskOptions {
  std::string id;     ///< also the modality that is taken where the dataset stores it
  std::string title;  ///< for people
  std::string family;
  std::vector<std::vector<std::string>> any_of;  ///< TaskInfo::any_of
  double label_cost = 1.0;                       ///< TaskInfo::label_cost
  SegmentationOptions segmentation;              ///< defaults of the recipe's keys scale and least_share
};

/// A task that learns an embedding per pixel, alike within a region and apart between regions.
///   label       int16 [2,H,W]. Channel 0: the region of each pixel, 0.. in the order of the ids, -1 = none.
///               Channel 1: 1 at the `points` pixels that the loss compares. make_example draws them with its
///               generator, so that every competitor is judged by the same pixels. Derive from Redraw, too,
///               to have training images compared at others in every epoch.
///   mask        image: false where the drawn pixels lie in fewer than two regions
///   prediction  [dimensions,H,W], unbounded
///   loss        metric_loss() of the drawn pixels (toolbox/embedding.hpp)
///   metrics     "adjusted_rand": adjusted Rand index of the drawn pixels' clusters against their regions
///   parameters  points, dimensions, scale, least_share
class TX_API RegionTask : public PixelTask, public Metrics {
 public:
  ~RegionTask() override;
  [[nodiscard]] Example make_example(const Sample& sample, torch::Generator& generator) const override;
  [[nodiscard]] torch::Tensor loss(const torch::Tensor& prediction, const torch::Tensor& target,
                                   const torch::Tensor& mask) const override;
  /// Also offers RandomLabel, because the pixels that are compared are drawn.
  [[nodiscard]] const void* extension(std::string_view id) const noexcept override;
  [[nodiscard]] const std::vector<Metric>& metrics() const noexcept override { return metrics_; }
  [[nodiscard]] torch::Tensor measure(const torch::Tensor& prediction, const torch::Tensor& target,
                                      const torch::Tensor& mask) const override;

 protected:
  RegionTask(const TaskContext& context, const RegionTaskOptions& options);
  /// The example with other pixels drawn: all that a derived class which offers Redraw returns.
  [[nodiscard]] Example redraw_points(const Example& drawn, torch::Generator& generator) const;
  /// Regions int32 [1,H,W] of a sample whose dataset does not store them, -1 = none. Pure.
  [[nodiscard]] virtual torch::Tensor derive_regions(const Sample& sample) const = 0;
  [[nodiscard]] const SegmentationOptions& segmentation() const { return segmentation_; }
  /// Draws regions in colours, an embedding by its principal components.
  [[nodiscard]] torch::Tensor draw(const torch::Tensor& values, const torch::Tensor& mask) const override;

 private:
  /// The example with these regions, integral [1,H,W], 0.. or -1, and pixels drawn from them.
  [[nodiscard]] Example draw_points(const torch::Tensor& regions, torch::Generator& generator) const;

  struct Points;  // the drawn pixels of a batch
  [[nodiscard]] Points drawn_points(const torch::Tensor& prediction, const torch::Tensor& target,
                                    const torch::Tensor& mask) const;

  std::int64_t points_;
  SegmentationOptions segmentation_;
  std::vector<Metric> metrics_{{"adjusted_rand", "", true}};
};

}  // namespace taskonomy::sdk
