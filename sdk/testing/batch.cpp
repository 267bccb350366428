#include "batch.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include <torch/autograd.h>

#include "checks.hpp"

namespace taskonomy::sdk::testing {

namespace {

torch::Tensor random_prediction(const Subject& subject, std::int64_t images) {
  const TensorSpec& spec = subject.info().prediction;
  auto generator = at::detail::createCPUGenerator(subject.options().seed + 1000);
  auto shape = shape_of(spec, subject.side(), subject.side());
  shape.insert(shape.begin(), images);
  const torch::Tensor normal = torch::randn(shape, generator, torch::kFloat32);
  if (!std::isfinite(spec.low) || !std::isfinite(spec.high)) return normal;
  return spec.low + (spec.high - spec.low) * torch::sigmoid(normal);
}

/// Whether nothing counts in the lower two thirds of an image, which make_batch() leaves unmasked.
bool is_empty(const Example& example) {
  if (!example.mask.defined()) return false;
  const bool pixels = example.mask.dim() == 3;
  const auto counted = pixels ? example.mask.slice(1, example.mask.size(1) / 3) : example.mask;
  return !counted.any().item<bool>();
}

/// Class ids [B,1,...] for predictions [B,C,...].
bool is_class_ids(const torch::Tensor& target, const torch::Tensor& prediction) {
  return !target.is_floating_point() && target.dim() == prediction.dim() && target.size(1) == 1 &&
         target.sizes().slice(2) == prediction.sizes().slice(2);
}

}  // namespace

Example example_of(const Task& task, const Sample& sample, std::uint64_t seed) {
  auto generator = at::detail::createCPUGenerator(seed);
  return task.make_example(sample, generator);
}

Example example_of(const Subject& subject, const Sample& sample, std::uint64_t seed) {
  return example_of(subject.task(), sample, seed);
}

std::vector<Sample> variants(const Subject& subject, const Sample& sample) {
  std::vector<Sample> list{sample};
  for (const auto& group : subject.info().any_of) {
    if (group.size() < 2) continue;
    Sample without = sample;
    without.data.erase(group.front());
    list.push_back(without);
  }
  return list;
}

std::vector<std::int64_t> shape_of(const TensorSpec& spec, std::int64_t height, std::int64_t width) {
  std::vector<std::int64_t> lengths = spec.shape;
  bool rows = true;
  for (auto& length : lengths) {
    if (length != -1) continue;
    length = rows ? height : width;
    rows = false;
  }
  return lengths;
}

Batch make_batch(const Subject& subject, std::int64_t images) {
  constexpr std::uint64_t kFirst = 10;
  // A data set has images without any label; what is made up has none.
  const std::uint64_t last =
      kFirst + static_cast<std::uint64_t>(images) + 2 * subject.options().samples.size();
  std::vector<torch::Tensor> targets, masks;
  for (std::uint64_t number = kFirst; number < last && static_cast<std::int64_t>(targets.size()) < images;
       ++number) {
    const Example example = example_of(subject, subject.sample(number), number);
    if (!subject.options().samples.empty() && is_empty(example)) continue;
    targets.push_back(example.target);
    if (example.mask.defined()) masks.push_back(example.mask);
  }
  if (static_cast<std::int64_t>(targets.size()) < images)
    throw CannotTry{"none of the data set's samples has a label that counts"};
  Batch batch{random_prediction(subject, images), torch::stack(targets), {}};
  if (masks.empty()) return batch;
  batch.mask = torch::stack(masks);
  if (subject.info().mask == MaskKind::pixel)
    batch.mask.slice(2, 0, std::max<std::int64_t>(1, batch.mask.size(2) / 3)).fill_(false);
  return batch;
}

Batch picked(const Batch& batch, const std::vector<std::int64_t>& order) {
  const torch::Tensor index = torch::tensor(order);
  const auto pick = [&](const torch::Tensor& tensor) {
    return tensor.defined() ? tensor.index_select(0, index) : tensor;
  };
  return {pick(batch.prediction), pick(batch.target), pick(batch.mask)};
}

torch::Tensor hidden_places(const Batch& batch, const torch::Tensor& values) {
  torch::Tensor hidden = batch.mask.logical_not();
  while (hidden.dim() < values.dim()) hidden = hidden.unsqueeze(-1);
  return hidden;
}

void require_mask(const Subject& subject) {
  if (subject.info().mask == MaskKind::none) throw NotApplicable{"the record says that there is no mask"};
}

Batch partly_hidden(const Subject& subject) {
  require_mask(subject);
  Batch batch = make_batch(subject, kImages);
  if (subject.info().mask == MaskKind::image) batch.mask[1].fill_(false);
  return batch;
}

Batch poisoned(const Batch& batch) {
  Batch other = batch;
  const torch::Tensor hidden = hidden_places(batch, batch.target);
  other.target = batch.target.is_floating_point()
                     ? batch.target.masked_fill(hidden, std::numeric_limits<double>::quiet_NaN())
                     : batch.target.masked_fill(hidden, 127);
  return other;
}

torch::Tensor loss_of(const Subject& subject, const Batch& batch) {
  const torch::NoGradGuard no_grad;
  return subject.task().loss(batch.prediction, batch.target, batch.mask);
}

torch::Tensor sound_loss_of(const Subject& subject, const Batch& batch) {
  torch::Tensor loss = loss_of(subject, batch);
  if (!loss.defined() || loss.dim() != 1 || loss.size(0) != batch.target.size(0))
    throw std::runtime_error("the loss is " + text_of(loss) + ", no [B]");
  if (!all_finite(loss)) throw std::runtime_error("the loss of an ordinary batch is not finite");
  return loss;
}

torch::Tensor gradient_of(const Subject& subject, const Batch& batch) {
  const torch::Tensor prediction = batch.prediction.detach().clone().requires_grad_(true);
  const torch::Tensor loss = subject.task().loss(prediction, batch.target, batch.mask);
  if (!loss.requires_grad()) return {};
  return torch::autograd::grad({loss.sum()}, {prediction}, {}, {}, false, true)[0];
}

std::optional<torch::Tensor> best_prediction(const Subject& subject, const Batch& batch) {
  const torch::Tensor &target = batch.target, &prediction = batch.prediction;
  if (is_class_ids(target, prediction)) {
    constexpr double kSure = 20.0;
    const torch::Tensor ids = target.to(torch::kInt64);
    const torch::Tensor known = batch.mask.defined() ? ids.masked_fill(hidden_places(batch, ids), 0) : ids;
    return torch::zeros_like(prediction).scatter(1, known, kSure);
  }
  if (!target.is_floating_point() || target.sizes() != prediction.sizes()) return std::nullopt;
  const torch::Tensor values = target.to(torch::kFloat32);
  const bool logits = !std::isfinite(subject.info().prediction.high) && target.size(1) > 1;
  const bool shares =
      target.ge(0.0).all().item<bool>() && target.sum(1).sub(1.0).abs().lt(1e-4).all().item<bool>();
  constexpr double kLeastShare = 1e-6;
  return logits && shares ? values.clamp_min(kLeastShare).log() : values;
}

torch::Tensor representations(const DecoderConfig& config, std::int64_t images, std::uint64_t seed) {
  auto generator = at::detail::createCPUGenerator(seed);
  return torch::randn({images, config.in_channels * config.views, config.in_side, config.in_side}, generator,
                      torch::kFloat32);
}

std::shared_ptr<Decoder> seeded_decoder(const Subject& subject, const DecoderConfig& config,
                                        std::uint64_t seed) {
  const SeededScope scope(seed);
  auto decoder = subject.task().make_decoder(config);
  if (decoder == nullptr) throw std::runtime_error("make_decoder returns null");
  decoder->train();
  return decoder;
}

torch::Tensor prediction_of(Decoder& decoder, const torch::Tensor& representation) {
  const torch::NoGradGuard no_grad;
  decoder.eval();
  return decoder.forward(representation);
}

}  // namespace taskonomy::sdk::testing
