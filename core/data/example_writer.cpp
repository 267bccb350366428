#include "core/data/example_writer.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "core/base/error.hpp"
#include "core/base/hash.hpp"
#include "core/base/json.hpp"
#include "core/base/text.hpp"
#include "core/data/examples.hpp"
#include "core/data/tensor_file.hpp"
#include "core/host/boundary.hpp"

namespace taskonomy::data {

namespace {

/// Throws Error naming the first few when more than kToleratedShare were left out.
void refuse_too_many(const std::vector<std::string>& left_out, std::int64_t total, const std::string& what) {
  if (static_cast<double>(left_out.size()) <= kToleratedShare * static_cast<double>(total)) return;
  const std::vector<std::string> first(left_out.begin(),
                                       left_out.begin() + std::min<std::ptrdiff_t>(3, std::ssize(left_out)));
  throw base::Error(std::to_string(left_out.size()) + " of " + std::to_string(total) + " " + what +
                    ", for instance " + base::join(first, "; "));
}

/// Half precision for floating-point values of a small range, where it loses nothing that an 8-bit image
/// could carry.
torch::Tensor compact(const torch::Tensor& values, bool small_range) {
  return values.is_floating_point() && small_range ? values.to(torch::kFloat16) : values;
}

/// Ids of the samples of all shards in the order of storage, by the name of their split.
class SampleIds {
 public:
  explicit SampleIds(const std::vector<Shard>& shards) {
    for (const Split split : kSplits) ids_[name_of(split)];  // a split without samples is named, too
    for (const auto& shard : shards)
      for (std::int64_t i = 0; i < shard.size(); ++i) ids_[name_of(shard.split(i))].push_back(shard.id(i));
  }
  [[nodiscard]] std::int64_t count(Split split) const { return std::ssize(ids_.at(name_of(split))); }
  [[nodiscard]] std::string text() const { return base::Json(ids_).dump_exactly(); }

 private:
  std::map<std::string, std::vector<std::string>> ids_;
};

/// Writes the examples of one task as they come: labels of the paper's size fill a hundred times the memory. Zeros
/// stand in the place of a sample that was left out, so that examples and images keep the same indices.
class ExampleWriter {
 public:
  ExampleWriter(const std::filesystem::path& path, const sdk::TaskInfo& info, const SampleIds& ids,
                std::int64_t side, const std::map<std::string, std::string>& metadata)
      : info_(info), side_(side), writer_(path, kinds_of(info, ids, side), metadata) {}

  void push(Split split, const sdk::Example& example) {
    const auto& mask = example.mask;
    const bool counts = !mask.defined() || mask.any().item<bool>();
    const auto target = compact(example.target, has_small_range(info_));
    if (example.input.defined()) append(split, "input", example.input.to(torch::kFloat16));
    append(split, "target", target);
    if (mask.defined()) append(split, "mask", mask.to(torch::kBool));
    append(split, "valid", torch::tensor(counts));
    if (counts && split == Split::train) compare(target, mask);
  }
  void push_hole(Split split) {
    for (const auto& [part, kind] : parts_of(info_, side_))
      append(split, part, torch::zeros(kind.shape, kind.dtype));
  }
  /// Whether there are training labels and all are the same where they count.
  [[nodiscard]] bool constant() const { return first_.defined() && !differs_; }
  void keep() { writer_.keep(); }

 private:
  static bool has_small_range(const sdk::TaskInfo& info) {
    return std::abs(info.target.low) <= 16.0 && std::abs(info.target.high) <= 16.0;
  }
  /// What is stored of one example.
  static std::map<std::string, TensorKind> parts_of(const sdk::TaskInfo& info, std::int64_t side) {
    std::map<std::string, TensorKind> parts;
    if (info.input == sdk::InputKind::own) parts["input"] = {torch::kFloat16, input_shape(info, side)};
    const auto target = compact(torch::empty({0}, info.target.dtype), has_small_range(info));
    parts["target"] = {target.scalar_type(), resolve_shape(info.target.shape, side)};
    if (info.mask == sdk::MaskKind::pixel) parts["mask"] = {torch::kBool, {1, side, side}};
    if (info.mask == sdk::MaskKind::image) parts["mask"] = {torch::kBool, {1}};
    parts["valid"] = {torch::kBool, {}};
    return parts;
  }
  static std::map<std::string, TensorKind> kinds_of(const sdk::TaskInfo& info, const SampleIds& ids,
                                                    std::int64_t side) {
    std::map<std::string, TensorKind> kinds;
    for (const Split split : kSplits) {
      if (ids.count(split) == 0) continue;
      for (auto [part, kind] : parts_of(info, side)) {
        kind.shape.insert(kind.shape.begin(), ids.count(split));
        kinds[tensor_name(split, part)] = std::move(kind);
      }
    }
    return kinds;
  }
  void append(Split split, const std::string& part, const torch::Tensor& values) {
    writer_.append(tensor_name(split, part), values);
  }
  void compare(const torch::Tensor& target, const torch::Tensor& mask) {
    if (!first_.defined()) {
      first_ = target.clone();
      if (mask.defined()) first_mask_ = mask.to(torch::kBool).clone();
    } else if (!differs_) {
      auto differs = target.ne(first_);
      if (mask.defined()) differs = differs.logical_and(mask).logical_and(first_mask_);
      differs_ = differs.any().item<bool>();
    }
  }

  const sdk::TaskInfo& info_;
  std::int64_t side_;
  TensorWriter writer_;
  torch::Tensor first_, first_mask_;  ///< the first training label that counts
  bool differs_ = false;              ///< whether another one is not the same
};

}  // namespace

std::string lacking_label(const sdk::TaskInfo& info, const sdk::Sample& sample) {
  std::vector<std::vector<std::string>> needed{info.modalities};
  needed.insert(needed.end(), info.any_of.begin(), info.any_of.end());
  for (const auto& modalities : needed)
    for (const auto& modality : modalities)
      if (const auto absent = sample.absent.find(modality); absent != sample.absent.end())
        return "has no label: " + modality + ": " + absent->second;
  return "";
}

sdk::Example example_of(const sdk::Task& task, const sdk::Sample& sample, std::uint64_t seed) {
  const std::string& id = task.info().id;
  return host::call_task(id, "make_example", [&] {
    auto generator = torch::make_generator<torch::CPUGeneratorImpl>(
        base::seed_of(base::seed_of(seed, "examples/" + id), sample.id));
    return task.make_example(sample, generator);
  });
}

std::int64_t write_images(const std::filesystem::path& path, const std::vector<Shard>& shards,
                          const std::string& made_from) {
  const SampleIds ids(shards);
  std::vector<std::string> left_out;
  std::int64_t count = 0;
  std::map<std::string, TensorKind> kinds;
  for (const auto& shard : shards) {
    left_out.insert(left_out.end(), shard.left_out().begin(), shard.left_out().end());
    if (shard.size() == 0) continue;
    count += shard.size();
    for (const Split split : kSplits)  // the shapes of all shards agree, or append() below says so
      if (kinds.count(tensor_name(split, "rgb")) == 0 && ids.count(split) > 0) {
        auto shape = shard.sample(0).sample.data.at("rgb").sizes().vec();
        shape.insert(shape.begin(), ids.count(split));
        kinds[tensor_name(split, "rgb")] = {torch::kUInt8, std::move(shape)};
      }
  }
  refuse_too_many(left_out, count + std::ssize(left_out), "samples could not be read");
  TensorWriter writer(path, kinds, {{"made_from", made_from}, {"ids", ids.text()}});
  for (const auto& shard : shards)
    for (std::int64_t i = 0; i < shard.size(); ++i) {
      const auto stored = shard.sample(i);
      const auto key = tensor_name(stored.split, "rgb");
      const auto& image = stored.sample.data.at("rgb");
      if (image.sizes() != c10::IntArrayRef(kinds.at(key).shape).slice(1) ||
          image.scalar_type() != torch::kUInt8)
        throw base::Error("sample \"" + stored.sample.id + "\": its image is " + describe(image) +
                          ", others have another size or type");
      writer.append(key, image);
    }
  writer.keep();
  return count;
}

ExampleSummary write_examples(const std::filesystem::path& path, const sdk::Task& task,
                              const std::vector<Shard>& shards, const ExampleOptions& options) {
  const auto& info = task.info();
  const SampleIds ids(shards);
  std::map<std::string, std::string> metadata{{"made_from", options.made_from},
                                              {kSamplesKey, base::fingerprint(ids.text())}};
  if (options.whitening) metadata[kWhitening] = text_of(*options.whitening);
  ExampleWriter writer(path, info, ids, options.side, metadata);
  ExampleSummary summary;
  std::vector<std::string> refused;  // of left_out, those that count
  for (const auto& shard : shards)
    for (std::int64_t i = 0; i < shard.size(); ++i, ++summary.examples) {
      const auto stored = shard.sample(i);
      std::optional<sdk::Example> example;
      try {
        example = example_of(task, stored.sample, options.seed);
      } catch (const base::Error& error) {
        writer.push_hole(stored.split);
        const auto lacking = options.labels_may_lack ? lacking_label(info, stored.sample) : "";
        summary.left_out.push_back(stored.sample.id + ": " + (lacking.empty() ? error.what() : lacking));
        if (lacking.empty()) refused.push_back(summary.left_out.back());
        continue;
      }
      base::with_context("task \"" + info.id + "\": sample \"" + stored.sample.id + "\"",
                         [&] { check_example(info, *example, options.side); });
      writer.push(stored.split, *example);
    }
  base::with_context("task \"" + info.id + "\"",
                     [&] { refuse_too_many(refused, summary.examples, "samples gave no example"); });
  summary.constant = writer.constant();
  writer.keep();
  return summary;
}

}  // namespace taskonomy::data
