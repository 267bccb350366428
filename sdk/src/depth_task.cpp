#include <taskonomy/sdk/depth_task.hpp>

#include <cmath>
#include <utility>

#include <taskonomy/sdk/metrics.hpp>
#include <taskonomy/sdk/toolbox/drawing.hpp>

namespace taskonomy::sdk {

DepthTask::DepthTask(TaskInfo info, const TaskContext& context)
    : PixelTask(std::move(info)),
      scale_(2.0 / std::log1p(context.params.real("max_depth", 10.0, 1e-3, 1e6))) {}
DepthTask::~DepthTask() = default;

Example DepthTask::make_example(const Sample& sample, torch::Generator&) const {
  const torch::Tensor depth = distance(sample);
  Example example;
  example.mask = torch::isfinite(depth).logical_and(depth > 0.0);
  const torch::Tensor known = torch::where(example.mask, depth, torch::zeros({}));
  example.target = (torch::log1p(known) * scale_ - 1.0).clamp_max(1.0);
  return example;
}

torch::Tensor DepthTask::draw(const torch::Tensor& values, const torch::Tensor& mask) const {
  return draw_scale(-values, -1.0, 0.6, mask);
}

torch::Tensor DepthTask::metres(const torch::Tensor& label) const {
  return torch::expm1((label.to(torch::kFloat32).clamp(-1.0, 1.0) + 1.0) / scale_);
}

Figure DepthTask::depth_figure(const torch::Tensor& values, const torch::Tensor& mask) const {
  return quantity_figure(metres(values), "m", mask);
}

Example DepthTask::augment_distance(const Example& originals, const Augmentation& how) const {
  Example warped = warp_pixels(originals, how, Sampling::nearest);  // foreground and background never mix
  const torch::Tensor scale = per_image(how.scale, 4);
  const torch::Tensor nearer = torch::log1p(metres(warped.target) / scale) * scale_ - 1.0;
  const torch::Tensor stays = scale == 1.0;
  warped.mask = warped.mask & (stays | (warped.target < 1.0));
  warped.target = torch::where(stays, warped.target, nearer);
  return warped;
}

const std::vector<Metric>& DepthTask::metrics() const noexcept {
  static const std::vector<Metric> list{
      {"abs_rel", "", false}, {"rmse", "m", false}, {"delta_1.25", "%", true}};
  return list;
}

torch::Tensor DepthTask::measure(const torch::Tensor& prediction, const torch::Tensor& target,
                                 const torch::Tensor& mask) const {
  constexpr double kNearest = 1e-3;  // m; keeps the ratios finite
  const torch::Tensor guess = metres(prediction).clamp_min(kNearest);
  const torch::Tensor truth = metres(target).clamp_min(kNearest);
  const torch::Tensor error = guess - truth;
  const torch::Tensor close = torch::maximum(guess / truth, truth / guess) < 1.25;
  return torch::stack({mean_per_image(error.abs() / truth, mask), mean_per_image(error.square(), mask).sqrt(),
                       mean_per_image(close.to(torch::kFloat32) * 100.0, mask)},
                      1);
}

}  // namespace taskonomy::sdk
