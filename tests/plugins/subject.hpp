// What the contract of a task plugin is tried on: the task, and made-up samples that carry every modality.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <torch/torch.h>

#include <taskonomy/sdk/dataset.hpp>
#include <taskonomy/sdk/task.hpp>

namespace taskonomy::tests {

/// A task and the image side it was made for, pixels; representations are a eighth of it.
struct Subject {
  std::shared_ptr<sdk::Task> task;
  std::int64_t side = 32;

  [[nodiscard]] const sdk::TaskInfo& info() const { return task->info(); }
  [[nodiscard]] sdk::DecoderConfig decoder_config() const;
  /// spec's shape with -1 replaced by the side.
  [[nodiscard]] std::vector<std::int64_t> shape(const sdk::TensorSpec& spec) const;
};

/// Offers every modality and kind of views that sample.hpp lists, with a few classes each.
[[nodiscard]] sdk::DatasetInfo everything();

/// A smooth, textured surface seen by V cameras; all modalities, all readings valid. Same seed, same sample.
[[nodiscard]] sdk::Sample make_sample(sdk::ViewKind kind, std::int64_t side, std::uint64_t seed);

/// Pixels at which spoil() leaves no valid reading: bool [1,side,side], about a fifth of the image.
[[nodiscard]] torch::Tensor spoilt_pixels(std::int64_t side);
/// The sample with every label modality invalid at spoilt_pixels(): NaN, 0, Inf and negative depth, no
/// normal, class 0.
[[nodiscard]] sdk::Sample spoil(sdk::Sample sample);
/// The sample with no valid reading at all.
[[nodiscard]] sdk::Sample spoil_all(sdk::Sample sample);

/// Examples of B different samples, joined, with predictions in the task's range.
struct Batch {
  torch::Tensor prediction;  ///< [B,...], requires grad
  torch::Tensor target;      ///< [B,...]
  torch::Tensor mask;        ///< [B,...] or undefined; about a third of it false
};
[[nodiscard]] Batch make_batch(const Subject& subject, std::int64_t images, std::uint64_t seed);

/// Equal element by element, NaN equal to NaN; two undefined tensors are equal.
[[nodiscard]] bool same(const torch::Tensor& a, const torch::Tensor& b);

/// One promise of a task: a name, and what is wrong where it is broken (empty: kept).
struct Check {
  std::string name;
  std::function<std::vector<std::string>(const Subject& subject)> problems;
};
[[nodiscard]] std::vector<Check> label_checks();
[[nodiscard]] std::vector<Check> loss_checks();
[[nodiscard]] std::vector<Check> decoder_checks();

}  // namespace taskonomy::tests
