#include <taskonomy/sdk/region_task.hpp>

#include <algorithm>
#include <limits>
#include <stdexcept>

#include <taskonomy/sdk/extensions.hpp>
#include <taskonomy/sdk/modality.hpp>
#include <taskonomy/sdk/toolbox/drawing.hpp>
#include <taskonomy/sdk/toolbox/embedding.hpp>

namespace taskonomy::sdk {

namespace {

constexpr std::int64_t kMostRegions = std::numeric_limits<std::int16_t>::max();

TaskInfo describe(const RegionTaskOptions& options, std::int64_t dimensions) {
  constexpr double kUnbounded = std::numeric_limits<double>::infinity();
  TaskInfo info = pixel_task_info(options.id, options.title, options.family, dimensions, 0.0, 1.0);
  info.any_of = options.any_of;
  info.label_cost = options.label_cost;
  info.mask = MaskKind::image;
  info.target = {{2, -1, -1}, torch::kInt16, -1.0, static_cast<double>(kMostRegions)};
  info.prediction = {{dimensions, -1, -1}, torch::kFloat32, -kUnbounded, kUnbounded};
  return info;
}

/// Any ids [1,H,W], negative = none, as 0..n-1 in their order and -1.
torch::Tensor consecutive(const torch::Tensor& regions, const std::string& sample) {
  const torch::Tensor ids = regions.to(torch::kInt64).clamp_min(-1);
  const torch::Tensor rank = std::get<1>(torch::_unique(ids, true, true));
  const std::int64_t none = ids.min().item<std::int64_t>() < 0 ? 1 : 0;
  if (rank.max().item<std::int64_t>() - none > kMostRegions)
    throw std::invalid_argument("sample \"" + sample + "\": more than " + std::to_string(kMostRegions) +
                                " regions; is this a modality of another kind?");
  return rank.view_as(ids) - none;
}

}  // namespace

/// n pixels of each image: what the loss and the metric compare.
struct RegionTask::Points {
  torch::Tensor embeddings;  ///< [B,n,D]
  torch::Tensor regions;     ///< int16 [B,n]
  torch::Tensor counted;     ///< bool [B,n]: false beyond the drawn pixels and under the mask
};

RegionTask::RegionTask(const TaskContext& context, const RegionTaskOptions& options)
    : PixelTask(describe(options, context.params.integer("dimensions", 64, 2, 256))),
      points_(std::min(context.params.integer("points", 300, 2, 4096), context.side * context.side)) {
  segmentation_.scale = context.params.real("scale", options.segmentation.scale, 0.0, 1e6);
  segmentation_.least_share = context.params.real("least_share", options.segmentation.least_share, 0.0, 1.0);
}

RegionTask::~RegionTask() = default;

Example RegionTask::make_example(const Sample& sample, torch::Generator& generator) const {
  return draw_points(
      consecutive(has(sample, info().id) ? require_view(sample, info().id, 1) : derive_regions(sample),
                  sample.id),
      generator);
}

Example RegionTask::redraw_points(const Example& drawn, torch::Generator& generator) const {
  return draw_points(drawn.target.slice(0, 0, 1), generator);
}

Example RegionTask::draw_points(const torch::Tensor& regions, torch::Generator& generator) const {
  const torch::Tensor known = regions.flatten().ge(0).nonzero().flatten();
  const torch::Tensor order = torch::randperm(known.numel(), generator, torch::kInt64);
  const torch::Tensor chosen = known.index_select(0, order.slice(0, 0, points_));
  torch::Tensor marks = torch::zeros({regions.numel()}, torch::kInt16);
  marks.index_fill_(0, chosen, 1);
  const torch::Tensor ids = regions.flatten().index_select(0, chosen);
  Example example;
  example.target = torch::cat({regions.to(torch::kInt16), marks.view_as(regions)});
  example.mask = torch::full(
      {1}, ids.numel() > 0 && ids.min().item<std::int64_t>() < ids.max().item<std::int64_t>(), torch::kBool);
  return example;
}

RegionTask::Points RegionTask::drawn_points(const torch::Tensor& prediction, const torch::Tensor& target,
                                            const torch::Tensor& mask) const {
  const torch::Tensor marks = target.select(1, 1).flatten(1);
  // The marked pixels come first; where there are fewer of them, the rest does not count.
  const auto [mark, pixel] = marks.topk(std::min(points_, marks.size(1)), 1);
  Points points;
  points.regions = target.select(1, 0).flatten(1).gather(1, pixel);
  points.counted = mark.gt(0);
  if (mask.defined()) points.counted = points.counted & mask.to(torch::kBool).reshape({-1, 1});
  points.embeddings = prediction.flatten(2)
                          .gather(2, pixel.unsqueeze(1).expand({-1, prediction.size(1), -1}))
                          .transpose(1, 2);
  return points;
}

torch::Tensor RegionTask::loss(const torch::Tensor& prediction, const torch::Tensor& target,
                               const torch::Tensor& mask) const {
  const Points points = drawn_points(prediction, target, mask);
  return metric_loss(points.embeddings, points.regions, points.counted);
}

const void* RegionTask::extension(std::string_view id) const noexcept {
  static constexpr RandomLabel kDeclared;
  return id == RandomLabel::kId ? &kDeclared : PixelTask::extension(id);
}

torch::Tensor RegionTask::measure(const torch::Tensor& prediction, const torch::Tensor& target,
                                  const torch::Tensor& mask) const {
  const torch::NoGradGuard no_grad;
  const Points points = drawn_points(prediction, target, mask);
  torch::Tensor values = torch::full({prediction.size(0), 1}, std::numeric_limits<float>::quiet_NaN());
  for (std::int64_t image = 0; image < prediction.size(0); ++image) {
    const torch::Tensor counted = points.counted[image].nonzero().flatten();
    if (counted.numel() < 2) continue;
    const torch::Tensor groups = cluster_embeddings(points.embeddings[image].index_select(0, counted));
    values[image][0] = adjusted_rand_index(groups, points.regions[image].index_select(0, counted));
  }
  return values;
}

torch::Tensor RegionTask::draw(const torch::Tensor& values, const torch::Tensor& mask) const {
  torch::Tensor known = torch::ones({1, values.size(1), values.size(2)}, torch::kBool);
  if (mask.defined()) known = known & mask.to(torch::kCPU, torch::kBool).reshape({-1, 1, 1});
  if (!values.is_floating_point()) {
    const torch::Tensor regions = values.slice(0, 0, 1);
    return draw_classes(regions, known & regions.ge(0));
  }
  return torch::where(known, draw_embedding(values), torch::full({}, 128, torch::kUInt8));
}

}  // namespace taskonomy::sdk
