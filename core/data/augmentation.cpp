#include "core/data/augmentation.hpp"

#include <stdexcept>

#include <taskonomy/sdk/extensions.hpp>

#include "core/base/error.hpp"
#include "core/data/tensor_file.hpp"

namespace taskonomy::data {

namespace {

/// The most that is changed; Strength has the meaning of each.
struct Limits {
  double scale, brightness, contrast, saturation, balance, noise;
};

Limits limits_of(Strength strength) {
  return strength == Strength::light ? Limits{1.25, 0.06, 0.15, 0.2, 0.03, 0.0}
                                     : Limits{1.6, 0.12, 0.3, 0.5, 0.1, 0.03};
}

/// Uniform numbers 0..1 of a batch, [B] each, in the order in which they are drawn.
struct Draws {
  torch::Tensor mirror, scale, across, down, brightness, contrast, saturation, noise;
  torch::Tensor balance;  ///< [B,3]
};

Draws draws_of(std::vector<torch::Generator>& generators) {
  constexpr std::int64_t kNumbers = 11;
  std::vector<torch::Tensor> rows;
  for (auto& generator : generators) rows.push_back(torch::rand({kNumbers}, generator, torch::kFloat32));
  const torch::Tensor numbers = torch::stack(rows);
  const auto column = [&](std::int64_t k) { return numbers.select(1, k); };
  return {column(0), column(1), column(2), column(3),          column(4),
          column(5), column(6), column(7), numbers.slice(1, 8)};
}

/// Numbers 0..1 as -1..1.
torch::Tensor both_ways(const torch::Tensor& numbers) { return numbers * 2.0 - 1.0; }

/// From where each pixel comes: the crop's centre, plus the pixel's own place divided by the scale.
torch::Tensor grid_of(const Draws& draws, const sdk::Augmentation& how, std::int64_t height,
                      std::int64_t width) {
  const auto centres = [](std::int64_t length) {
    return (torch::arange(length, torch::kFloat32) * 2.0 + 1.0) / static_cast<double>(length) - 1.0;
  };
  const torch::Tensor share = 1.0 / how.scale, room = 1.0 - share;
  const torch::Tensor turn = torch::where(how.mirrored, -share, share);
  const torch::Tensor x = (both_ways(draws.across) * room).unsqueeze(1) + turn.unsqueeze(1) * centres(width);
  const torch::Tensor y = (both_ways(draws.down) * room).unsqueeze(1) + share.unsqueeze(1) * centres(height);
  const std::int64_t images = how.scale.size(0);
  return torch::stack(
      {x.unsqueeze(1).expand({images, height, width}), y.unsqueeze(2).expand({images, height, width})}, 3);
}

/// Colours of intensities 0..1: white balance, saturation, contrast about 1/2 and brightness make one matrix and an
/// offset per image, brought to images in [-1,1].
torch::Tensor recoloured(const torch::Tensor& images, const Draws& draws, const Limits& limits) {
  const torch::Tensor brightness = limits.brightness * both_ways(draws.brightness);
  const torch::Tensor contrast = 1.0 + limits.contrast * both_ways(draws.contrast);
  const torch::Tensor saturation = (1.0 + limits.saturation * both_ways(draws.saturation)).view({-1, 1, 1});
  const torch::Tensor balance = 1.0 + limits.balance * both_ways(draws.balance);
  const torch::Tensor grey = torch::tensor({0.299F, 0.587F, 0.114F}).expand({3, 3});
  const torch::Tensor mixed = saturation * torch::eye(3) + (1.0 - saturation) * grey;
  const torch::Tensor matrix = contrast.view({-1, 1, 1}) * balance.unsqueeze(2) * mixed;
  const torch::Tensor offset =
      matrix.sum(2) - contrast.unsqueeze(1) + 2.0 * brightness.unsqueeze(1);  // of 1 = white, of mid grey
  return torch::baddbmm(offset.unsqueeze(2), matrix, images.flatten(2)).view_as(images);
}

void add_noise(torch::Tensor& images, const Draws& draws, double most,
               std::vector<torch::Generator>& generators) {
  for (std::int64_t i = 0; i < images.size(0); ++i) {
    const double deviation = 2.0 * most * draws.noise[i].item<double>();  // 0..1 has half the range of -1..1
    images[i].add_(torch::randn(images[i].sizes(), generators[static_cast<std::size_t>(i)], torch::kFloat32),
                   deviation);
  }
}

bool same_kind(const torch::Tensor& a, const torch::Tensor& b) {
  if (!a.defined() || !b.defined()) return a.defined() == b.defined();
  return a.sizes() == b.sizes() && a.scalar_type() == b.scalar_type();
}

std::string text_of(const torch::Tensor& tensor) { return tensor.defined() ? describe(tensor) : "nothing"; }

}  // namespace

Strength strength_named(const std::string& word) {
  if (word == "none") return Strength::none;
  if (word == "light") return Strength::light;
  if (word == "strong") return Strength::strong;
  throw std::logic_error("no strength of augmentation is called \"" + word + "\"");
}

bool can_augment(const sdk::Task& task) {
  return task.info().view_kind == sdk::ViewKind::single && sdk::extension_of<sdk::Augment>(task) != nullptr;
}

sdk::Augmentation augment_images(const torch::Tensor& images, const AugmentOptions& options) {
  const Limits limits = limits_of(options.strength);
  std::vector<torch::Generator> generators;
  for (const auto seed : options.seeds)
    generators.push_back(torch::make_generator<torch::CPUGeneratorImpl>(seed));
  const Draws draws = draws_of(generators);
  sdk::Augmentation how;
  how.mirrored = draws.mirror < 0.5;
  how.scale = 1.0 + (limits.scale - 1.0) * draws.scale;
  how.grid = grid_of(draws, how, images.size(2), images.size(3));
  how.images = sdk::warp(images, how, sdk::Sampling::bilinear);
  if (!options.colour) return how;
  how.images = recoloured(how.images, draws, limits);
  if (limits.noise > 0.0) add_noise(how.images, draws, limits.noise, generators);
  how.images.clamp_(-1.0, 1.0);
  return how;
}

AugmentedBatch augment_batch(const sdk::Task& task, const torch::Tensor& images,
                             const sdk::Example& originals, AugmentOptions options) {
  const auto* augment = sdk::extension_of<sdk::Augment>(task);
  options.colour = augment->allows_colour();
  AugmentedBatch batch{augment_images(images, options), {}};
  batch.examples = augment->augment(originals, batch.how);
  if (!same_kind(batch.examples.target, originals.target) || !same_kind(batch.examples.mask, originals.mask))
    throw base::Error("task \"" + task.info().id + "\": augment gave a target " +
                      text_of(batch.examples.target) + " and a mask " + text_of(batch.examples.mask) +
                      ", expected " + text_of(originals.target) + " and " + text_of(originals.mask));
  const bool input_is_missing = task.info().input == sdk::InputKind::own &&
                                sdk::extension_of<sdk::Redraw>(task) == nullptr &&
                                !batch.examples.input.defined();
  if (input_is_missing)
    throw base::Error("task \"" + task.info().id +
                      "\": augment gave no input, its TaskInfo says it makes its own");
  return batch;
}

AugmentedExample augment_example(const sdk::Task& task, const torch::Tensor& image,
                                 const sdk::Example& example, Strength strength, std::uint64_t seed) {
  if (strength == Strength::none || !can_augment(task)) return {image, example};
  sdk::Example originals;
  originals.target = example.target.unsqueeze(0);
  if (example.mask.defined()) originals.mask = example.mask.unsqueeze(0);
  const AugmentedBatch batch =
      augment_batch(task, image, originals, {.strength = strength, .colour = true, .seeds = {seed}});
  AugmentedExample augmented{batch.how.images, {}};
  augmented.example.target = batch.examples.target[0];
  if (batch.examples.input.defined()) augmented.example.input = batch.examples.input[0];
  if (batch.examples.mask.defined()) augmented.example.mask = batch.examples.mask[0];
  const auto* redraw = sdk::extension_of<sdk::Redraw>(task);
  if (redraw == nullptr) return augmented;
  auto generator = torch::make_generator<torch::CPUGeneratorImpl>(seed);
  augmented.example = redraw->redraw(augmented.image, augmented.example, generator);
  return augmented;
}

}  // namespace taskonomy::data
