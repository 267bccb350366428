#include <taskonomy/sdk/vector_task.hpp>

#include <limits>
#include <sstream>
#include <stdexcept>
#include <utility>

#include <taskonomy/sdk/augment.hpp>
#include <taskonomy/sdk/components.hpp>
#include <taskonomy/sdk/figure.hpp>
#include <taskonomy/sdk/losses.hpp>
#include <taskonomy/sdk/modality.hpp>

namespace taskonomy::sdk {

namespace {

/// The list that the recipe gives for `key`, or the fallback; as float32 [K].
torch::Tensor numbers_of(Params& params, const std::string& key, const std::vector<double>& fallback) {
  const std::vector<double> numbers = params.reals(key, fallback);
  if (numbers.size() != fallback.size()) {
    const auto given = params.values().find(key);
    throw std::invalid_argument((given == params.values().end() ? "" : given->second.where + ": ") + key +
                                ": expected " + std::to_string(fallback.size()) + " numbers, got " +
                                std::to_string(numbers.size()));
  }
  return torch::tensor(numbers, torch::kFloat64).to(torch::kFloat32);
}

}  // namespace

Whitening::Whitening(Params& params, std::vector<double> mean, std::vector<double> deviation)
    : mean_(numbers_of(params, "mean", mean)), deviation_(numbers_of(params, "deviation", deviation)) {
  if (deviation_.gt(0.0).all().item<bool>()) return;
  throw std::invalid_argument(params.values().at("deviation").where +
                              ": deviation: expected numbers above 0");
}

torch::Tensor Whitening::whiten(const torch::Tensor& values) const {
  return (values - mean_.to(values.device())) / deviation_.to(values.device());
}

torch::Tensor Whitening::restore(const torch::Tensor& whitened) const {
  return whitened * deviation_.to(whitened.device()) + mean_.to(whitened.device());
}

VectorTask::VectorTask(TaskInfo info, std::int64_t side, std::vector<Metric> metrics, HiddenLayers layers)
    : info_(std::move(info)), side_(side), metrics_(std::move(metrics)), layers_(layers) {}
VectorTask::~VectorTask() = default;

MeasuredWhitening::MeasuredWhitening(const Params& params)
    : given_(params.has("mean") || params.has("deviation")) {}
MeasuredWhitening::~MeasuredWhitening() = default;

std::shared_ptr<Decoder> VectorTask::make_decoder(const DecoderConfig& config) const {
  return make_vector_decoder(config, info_.prediction.shape.at(0), layers_);
}

torch::Tensor VectorTask::loss(const torch::Tensor& prediction, const torch::Tensor& target,
                               const torch::Tensor& mask) const {
  return l2_loss(prediction, target, mask);
}

const void* VectorTask::extension(std::string_view id) const noexcept {
  if (id == Visualize::kId) return static_cast<const Visualize*>(this);
  if (id == Metrics::kId) return static_cast<const Metrics*>(this);
  // Null unless derived from them publicly.
  if (id == MeasuredWhitening::kId) return dynamic_cast<const MeasuredWhitening*>(this);
  if (id == Augment::kId) return dynamic_cast<const Augment*>(this);
  if (id == Components::kId) return dynamic_cast<const Components*>(this);
  if (id == NoneIsAnswer::kId) return dynamic_cast<const NoneIsAnswer*>(this);
  return id == Illustrate::kId ? dynamic_cast<const Illustrate*>(this) : nullptr;
}

torch::Tensor VectorTask::measure(const torch::Tensor& prediction, const torch::Tensor& target,
                                  const torch::Tensor& mask) const {
  const torch::Tensor values =
      judge(prediction.detach().to(torch::kFloat32), target.to(torch::kFloat32)).to(torch::kFloat32);
  if (!mask.defined()) return values;
  const torch::Tensor known = mask.to(torch::kBool).reshape({-1, 1});
  return torch::where(known, values,
                      torch::full({}, std::numeric_limits<float>::quiet_NaN(), values.options()));
}

torch::Tensor VectorTask::draw(const torch::Tensor& values, const torch::Tensor& mask) const {
  const torch::Tensor numbers = values.detach().to(torch::kCPU, torch::kFloat32);
  const bool known = !mask.defined() || mask.to(torch::kCPU, torch::kBool).all().item<bool>();
  if (known && torch::isfinite(numbers).all().item<bool>()) return draw_values(numbers);
  return torch::full({3, side_, side_}, 128, torch::kUInt8);
}

TaskInfo vector_task_info(std::string id, std::string title, std::string family, std::int64_t length) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  TaskInfo info;
  info.id = std::move(id);
  info.title = std::move(title);
  info.family = std::move(family);
  info.reference = "Zamir et al., Taskonomy, CVPR 2018";
  info.modalities = {"rgb"};
  info.mask = MaskKind::image;
  info.target = {{length}, torch::kFloat32, -kInfinity, kInfinity};
  info.prediction = info.target;
  return info;
}

torch::Tensor require_numbers(const Sample& sample, const std::string& modality,
                              const std::vector<std::int64_t>& shape) {
  const torch::Tensor& values = require(sample, modality);
  const torch::IntArrayRef wanted(shape);
  if (values.dim() > 0 && values.size(0) > 0 && values.sizes().slice(1) == wanted)
    return values[0].to(torch::kFloat32);
  std::ostringstream message;
  message << "sample \"" << sample.id << "\": modality \"" << modality << "\" has shape " << values.sizes()
          << ", expected [V";
  for (const std::int64_t length : shape) message << "," << length;
  message << "]";
  throw std::invalid_argument(message.str());
}

Example vector_example(const torch::Tensor& values, bool known) {
  Example example;
  example.mask = torch::full({1}, known, torch::kBool);
  example.target = known ? values.to(torch::kFloat32).contiguous() : torch::zeros(values.sizes());
  return example;
}

}  // namespace taskonomy::sdk
