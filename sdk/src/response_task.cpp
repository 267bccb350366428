#include <taskonomy/sdk/response_task.hpp>

#include <utility>

#include <taskonomy/sdk/modality.hpp>

namespace taskonomy::sdk {

ResponseTask::ResponseTask(TaskInfo info, const ResponseScale& scale, std::string unit)
    : PixelTask(std::move(info)),
      L1Metric(scale.has_sign ? scale.clip : 0.5, std::move(unit)),
      scale_(scale) {}
ResponseTask::~ResponseTask() = default;

Example ResponseTask::make_example(const Sample& sample, torch::Generator&) const {
  const bool stored = has(sample, info().id);
  torch::Tensor share = stored
                            ? require_view(sample, info().id, info().target.shape.at(0)) / scale_.stored_clip
                            : derived_response(sample) / scale_.clip;
  const bool masked = info().mask == MaskKind::pixel;
  if (!masked) share = share.nan_to_num(0.0, 0.0, 0.0);  // nan_to_num alone makes infinities large numbers
  const torch::Tensor known = torch::isfinite(share).all(0, true);
  const torch::Tensor label = label_of_share(share.clamp(scale_.has_sign ? -1.0 : 0.0, 1.0), known);
  Example example;
  example.target = masked ? torch::where(known, label, torch::zeros({})) : label;
  if (masked) example.mask = known;
  return example;
}

torch::Tensor ResponseTask::labels_of_responses(const torch::Tensor& responses) const {
  const torch::Tensor share = (responses / scale_.clip).clamp(scale_.has_sign ? -1.0 : 0.0, 1.0);
  return label_of_share(share, torch::ones({}, torch::kBool));
}

torch::Tensor ResponseTask::label_of_share(const torch::Tensor& share, const torch::Tensor&) const {
  return scale_.has_sign ? share : share * 2.0 - 1.0;
}

ImageResponseTask::ImageResponseTask(TaskInfo info, const ResponseScale& scale, const TaskContext& context)
    : ResponseTask(std::move(info), scale), stored_(offers(context.dataset, this->info().id)) {}
ImageResponseTask::~ImageResponseTask() = default;

Example ImageResponseTask::augment(const Example& originals, const Augmentation& how) const {
  if (stored_) return warp_pixels(originals, how, Sampling::bilinear);
  Example example;
  example.target = labels_of_responses(response_of((how.images + 1.0) / 2.0));
  return example;
}

bool ImageResponseTask::allows_colour() const { return !stored_; }

torch::Tensor ImageResponseTask::derived_response(const Sample& sample) const {
  return response_of((require_view(sample, "rgb", 3) / 255.0).unsqueeze(0))[0];
}

}  // namespace taskonomy::sdk
