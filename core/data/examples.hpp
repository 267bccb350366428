// Examples: input, target and mask of one task for every sample, computed once and mapped afterwards (design:
// step 2 of the path of one batch).
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <taskonomy/sdk/task.hpp>

#include "core/data/sample_store.hpp"
#include "core/data/splits.hpp"

namespace taskonomy::data {

/// Share of samples that a task may leave out (a damaged file, a missing label) before its examples are
/// refused.
inline constexpr double kToleratedShare = 0.05;

/// Writes the plain images of all shards: per split "train.rgb" uint8 [N,V,3,H,W], and the sample ids.
/// Returns the number of images. Throws Error when more than kToleratedShare of the samples could not be
/// read, naming some.
std::int64_t write_images(const std::filesystem::path& path, const std::vector<Shard>& shards,
                          const std::string& made_from);

/// What came of writing examples.
struct ExampleSummary {
  std::int64_t examples = 0;
  std::vector<std::string> left_out;  ///< "sample: reason"
};

/// Writes a task's examples in the order of the images. Randomness comes from the seed and the sample's id
/// alone. Floating-point targets within +-16 are stored in half precision (their step at 1 is 0.0005, an
/// 8-bit image's 0.004). A sample whose make_example throws is left out; Error when that happens to more than
/// kToleratedShare of them, or when a target has another shape, type or range than TaskInfo says.
ExampleSummary write_examples(const std::filesystem::path& path, const sdk::Task& task, std::int64_t side,
                              const std::vector<Shard>& shards, std::uint64_t seed,
                              const std::string& made_from);

/// B examples on a device, ready for a network.
struct Batch {
  torch::Tensor input;   ///< float32 [B*V,3,H,W] in [-1,1], channels-last
  torch::Tensor target;  ///< [B,...] as in TaskInfo::target
  torch::Tensor mask;    ///< bool [B,...], or undefined
};

/// The examples of one task, mapped. [any thread]
class ExampleSet {
 public:
  ExampleSet(const std::filesystem::path& images, const std::filesystem::path& examples);
  /// The plain images alone, as encoders see them: ids(), size(), views() and inputs() only.
  explicit ExampleSet(const std::filesystem::path& images);

  [[nodiscard]] std::int64_t size(Split split) const;
  /// int64 [n]: indices of the examples of a split that have a target that counts.
  [[nodiscard]] torch::Tensor valid(Split split) const;
  /// Ids of all N samples of a split.
  [[nodiscard]] const std::vector<std::string>& ids(Split split) const;
  /// Views V of each sample.
  [[nodiscard]] std::int64_t views() const;
  /// Inputs of the samples at `indices` (int64 [B]) -> float32 [B*V,3,H,W].
  [[nodiscard]] torch::Tensor inputs(Split split, const torch::Tensor& indices, torch::Device device) const;
  /// Targets and masks as well.
  [[nodiscard]] Batch batch(Split split, const torch::Tensor& indices, torch::Device device) const;
  /// Targets and masks alone; input stays undefined.
  [[nodiscard]] Batch labels(Split split, const torch::Tensor& indices, torch::Device device) const;

 private:
  struct Part {
    torch::Tensor input, target, mask, valid;
    std::vector<std::string> ids;
  };
  [[nodiscard]] const Part& part(Split split) const { return parts_[static_cast<std::size_t>(split)]; }
  std::array<Part, kSplits.size()> parts_;
};

/// Inputs in [-1,1]: uint8 [B,V,3,H,W] or half precision -> float32 [B*V,3,H,W], channels-last.
[[nodiscard]] torch::Tensor to_network_input(const torch::Tensor& stored, torch::Device device);

}  // namespace taskonomy::data
