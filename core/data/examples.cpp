#include "core/data/examples.hpp"

#include <taskonomy/sdk/extensions.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "core/base/error.hpp"
#include "core/base/hash.hpp"
#include "core/base/json.hpp"
#include "core/base/text.hpp"
#include "core/data/tensor_file.hpp"
#include "core/host/boundary.hpp"

namespace taskonomy::data {

namespace {

/// Throws Error unless there is one row per id: the file belongs to other images.
void require_rows(const torch::Tensor& values, std::size_t ids, const std::string& what) {
  if (values.dim() > 0 && values.size(0) == static_cast<std::int64_t>(ids)) return;
  throw base::Error("holds " + describe(values) + " as " + what + ", the images have " + std::to_string(ids) +
                    " ids");
}

}  // namespace

std::string tensor_name(Split split, const std::string& part) { return name_of(split) + "." + part; }

std::vector<std::int64_t> resolve_shape(std::vector<std::int64_t> shape, std::int64_t side) {
  std::replace(shape.begin(), shape.end(), std::int64_t{-1}, side);
  return shape;
}

std::vector<std::int64_t> input_shape(const sdk::TaskInfo& info, std::int64_t side) {
  const auto own = sdk::input_side(info, side);
  return {sdk::input_views(info), 3, own, own};
}

void check_example(const sdk::TaskInfo& info, const sdk::Example& example, std::int64_t side) {
  const auto wanted = resolve_shape(info.target.shape, side);
  if (!example.target.defined()) throw base::Error("make_example gave no target");
  if (example.target.sizes() != c10::IntArrayRef(wanted) || example.target.scalar_type() != info.target.dtype)
    throw base::Error("make_example gave a target " + describe(example.target) + ", its TaskInfo says " +
                      describe(torch::empty(wanted, info.target.dtype)));
  if ((info.mask != sdk::MaskKind::none) != example.mask.defined())
    throw base::Error(example.mask.defined() ? "make_example gave a mask, its TaskInfo says it has none"
                                             : "make_example gave no mask, its TaskInfo says it has one");
  if ((info.input == sdk::InputKind::own) != example.input.defined())
    throw base::Error(example.input.defined()
                          ? "make_example gave an input, its TaskInfo says it takes the plain image"
                          : "make_example gave no input, its TaskInfo says it makes its own");
  const auto shape = input_shape(info, side);
  if (example.input.defined() && example.input.sizes() != c10::IntArrayRef(shape))
    throw base::Error("make_example gave an input " + describe(example.input) + ", its TaskInfo says " +
                      describe(torch::empty(shape)));
}

ExampleSet::ExampleSet(const std::filesystem::path& images) {
  const TensorFile plain(images);
  base::with_context(images.string(), [&] {
    const auto ids = base::json_in(plain.metadata(), "ids");
    samples_ = base::fingerprint(plain.metadata().at("ids"));
    for (const Split split : kSplits) {
      auto& part = parts_[static_cast<std::size_t>(split)];
      part.ids = ids.at(name_of(split)).as<std::vector<std::string>>();
      if (part.ids.empty()) continue;
      part.plain = part.input = plain.at(tensor_name(split, "rgb"));
      require_rows(part.input, part.ids.size(), "images");
    }
  });
}

ExampleSet::ExampleSet(const std::filesystem::path& images, const std::filesystem::path& examples)
    : ExampleSet(images) {
  const TensorFile own(examples);
  const auto made_from = own.metadata().find(kSamplesKey);  // files of earlier versions do not say
  if (made_from != own.metadata().end() && made_from->second != samples_)
    throw base::Error(examples.string() + ": its examples were made from other samples than " +
                      images.string() + " holds; remove both files and run again");
  for (const Split split : kSplits) {
    auto& part = parts_[static_cast<std::size_t>(split)];
    if (part.ids.empty()) continue;
    if (own.has(tensor_name(split, "input"))) part.input = own.at(tensor_name(split, "input"));
    if (own.has(tensor_name(split, "mask"))) part.mask = own.bytes_of_bools(tensor_name(split, "mask"));
    part.target = own.at(tensor_name(split, "target"));
    part.valid = own.at(tensor_name(split, "valid")).nonzero().flatten();
    base::with_context(examples.string(), [&] {
      for (const auto& values : {part.input, part.target, part.mask})
        if (values.defined()) require_rows(values, part.ids.size(), "examples");
    });
  }
}

std::int64_t ExampleSet::size(Split split) const { return std::ssize(part(split).ids); }

torch::Tensor ExampleSet::valid(Split split) const {
  return part(split).valid.defined() ? part(split).valid : torch::empty({0}, torch::kInt64);
}

const std::vector<std::string>& ExampleSet::ids(Split split) const { return part(split).ids; }

std::int64_t ExampleSet::views() const { return part(Split::train).input.size(1); }

torch::Tensor ExampleSet::inputs(Split split, const torch::Tensor& indices, torch::Device device) const {
  return to_network_input(rows_of(part(split).input, indices, device), device);
}

Batch ExampleSet::labels(Split split, const torch::Tensor& indices, torch::Device device) const {
  const auto& source = part(split);
  Batch batch;
  batch.target = rows_of(source.target, indices, device);
  if (batch.target.scalar_type() == torch::kFloat16) batch.target = batch.target.to(torch::kFloat32);
  if (source.mask.defined()) batch.mask = rows_of(source.mask, indices, device).ne(0);
  return batch;
}

Batch ExampleSet::stored_labels(Split split) const {
  Batch batch;
  batch.target = part(split).target;
  batch.mask = part(split).mask;
  return batch;
}

std::string ExampleSet::id_of(Split split, const Epoch& epoch, std::int64_t i) const {
  return part(split).ids[static_cast<std::size_t>(epoch.indices[i].item<std::int64_t>())];
}

ExampleSet::Undrawn ExampleSet::undrawn(Split split, const torch::Tensor& indices) const {
  const auto plain = part(split).plain.index_select(0, indices);
  const Batch stored = labels(split, indices, torch::kCPU);
  Undrawn undrawn{to_network_input(plain, torch::kCPU).contiguous().view(plain.sizes()), {}};
  undrawn.labels.target = stored.target;
  undrawn.labels.mask = stored.mask;
  return undrawn;
}

ExampleSet::Undrawn ExampleSet::augmented(Split split, const Epoch& epoch, const Chance& chance) const {
  AugmentOptions options{.strength = chance.augment};
  const std::string purpose = " of " + chance.task.info().id + ", augmentation";
  for (std::int64_t i = 0; i < epoch.indices.numel(); ++i) {
    const auto number = std::to_string(epoch.epochs[i].item<std::int64_t>());
    options.seeds.push_back(
        base::seed_of(base::seed_of(chance.seed, "epoch " + number + purpose), id_of(split, epoch, i)));
  }
  const Undrawn plain = undrawn(split, epoch.indices);
  AugmentedBatch batch =
      augment_batch(chance.task, plain.views.select(1, 0).contiguous(), plain.labels, std::move(options));
  return {batch.how.images.unsqueeze(1), std::move(batch.examples)};
}

sdk::Example ExampleSet::drawn_anew(Split split, const Undrawn& undrawn, const Epoch& epoch,
                                    const Chance& chance) const {
  const auto* redraw = sdk::extension_of<sdk::Redraw>(chance.task);
  const auto& info = chance.task.info();
  std::vector<torch::Tensor> images, targets, masks;
  for (std::int64_t i = 0; i < epoch.indices.numel(); ++i) {
    const auto number = std::to_string(epoch.epochs[i].item<std::int64_t>());
    const auto id = id_of(split, epoch, i);
    auto generator = torch::make_generator<torch::CPUGeneratorImpl>(
        base::seed_of(base::seed_of(chance.seed, "epoch " + number + " of " + info.id), id));
    sdk::Example before;
    before.target = undrawn.labels.target[i];
    if (undrawn.labels.mask.defined()) before.mask = undrawn.labels.mask[i];
    const auto example = redraw->redraw(undrawn.views[i], before, generator);
    base::with_context("task \"" + info.id + "\": sample \"" + id + "\": drawn anew",
                       [&] { check_example(info, example, undrawn.views.size(-1)); });
    if (example.input.defined()) images.push_back(example.input);
    targets.push_back(example.target);
    if (example.mask.defined()) masks.push_back(example.mask);
  }
  sdk::Example drawn;
  if (!images.empty()) drawn.input = torch::stack(images);
  drawn.target = torch::stack(targets);
  if (!masks.empty()) drawn.mask = torch::stack(masks);
  return drawn;
}

namespace {

bool redraws(const sdk::Task& task) { return sdk::extension_of<sdk::Redraw>(task) != nullptr; }
bool augments(const Chance& chance) { return chance.augment != Strength::none && can_augment(chance.task); }
/// Whether transfers into the task see its labels drawn anew.
bool redraws_labels(const sdk::Task& task) {
  return task.info().input != sdk::InputKind::own && redraws(task);
}

/// Labels on a device, and the input where there is one.
Batch on_device(const sdk::Example& examples, torch::Device device) {
  Batch batch;
  if (examples.input.defined()) batch.input = to_network_input(examples.input, device);
  batch.target = examples.target.to(device);
  if (examples.mask.defined()) batch.mask = examples.mask.to(device);
  return batch;
}

}  // namespace

Batch ExampleSet::batch_in_epoch(Split split, const Epoch& epoch, const Chance& chance,
                                 torch::Device device) const {
  const bool augmented_first = augments(chance), redrawn = redraws(chance.task);
  if (!augmented_first && !redrawn) return batch(split, epoch.indices, device);
  Undrawn examples = augmented_first ? augmented(split, epoch, chance) : undrawn(split, epoch.indices);
  if (redrawn) examples.labels = drawn_anew(split, examples, epoch, chance);
  Batch drawn = on_device(examples.labels, device);
  if (!drawn.input.defined()) drawn.input = to_network_input(examples.views, device);
  return drawn;
}

Batch ExampleSet::labels_in_epoch(Split split, const Epoch& epoch, const Chance& chance,
                                  torch::Device device) const {
  if (!redraws_labels(chance.task)) return labels(split, epoch.indices, device);
  return on_device(drawn_anew(split, undrawn(split, epoch.indices), epoch, chance), device);
}

Batch ExampleSet::batch(Split split, const torch::Tensor& indices, torch::Device device) const {
  Batch batch = labels(split, indices, device);
  batch.input = inputs(split, indices, device);
  return batch;
}

void ExampleSet::keep_batches(Split split, Residence& residence) {
  auto& part = parts_[static_cast<std::size_t>(split)];
  for (auto* const values : {&part.input, &part.target, &part.mask}) *values = residence.kept(*values);
}

void ExampleSet::keep_batches_in_epoch(Split split, const Chance& chance, Residence& residence) {
  if (!augments(chance) && !redraws(chance.task)) keep_batches(split, residence);
}

void ExampleSet::keep_labels_in_epoch(Split split, const sdk::Task& task, Residence& residence) {
  if (redraws_labels(task)) return;
  auto& part = parts_[static_cast<std::size_t>(split)];
  for (auto* const values : {&part.target, &part.mask}) *values = residence.kept(*values);
}

torch::Tensor to_network_input(const torch::Tensor& stored, torch::Device device) {
  auto images = stored.flatten(0, 1).to(device).to(torch::kFloat32);
  if (stored.scalar_type() == torch::kUInt8) images = images.div_(127.5).sub_(1.0);
  return images.contiguous(torch::MemoryFormat::ChannelsLast);
}

}  // namespace taskonomy::data
