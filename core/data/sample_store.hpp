// Samples decoded or rendered once: shards of a hundred or so, modalities stacked, so that the examples of
// every task are made from the same pixels and workers share the rendering.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <taskonomy/sdk/dataset.hpp>

#include "core/data/splits.hpp"

namespace taskonomy::data {

/// Samples in one shard: small enough that every worker gets some, large enough that views of one room stay
/// together.
inline constexpr std::size_t kShardSamples = 128;

/// What came of writing a shard.
struct ShardSummary {
  std::int64_t samples = 0;
  std::vector<std::string> left_out;  ///< "scene/3: reason" for each sample that could not be read
};

/// Asks the dataset for the samples and writes them with their ids and splits. Samples that cannot be read
/// are left out and named in the file; what a sample lacks (Sample::absent) is stored as absent, with its
/// reason. Throws Error when a sample lacks a modality without a reason, or when shapes differ between
/// samples.
ShardSummary write_shard(const std::filesystem::path& path, const sdk::Dataset& dataset, sdk::ViewKind kind,
                         const std::vector<SampleKey>& keys, const std::vector<std::string>& modalities,
                         const std::string& made_from);

/// One sample as stored.
struct StoredSample {
  sdk::Sample sample;
  Split split = Split::train;
};

/// A shard, mapped.
class Shard {
 public:
  /// Throws Error naming the path and what is malformed.
  explicit Shard(const std::filesystem::path& path);
  ~Shard();
  Shard(Shard&&) noexcept;
  [[nodiscard]] std::int64_t size() const;
  [[nodiscard]] StoredSample sample(std::int64_t i) const;
  [[nodiscard]] const std::vector<std::string>& left_out() const;

 private:
  struct Content;
  std::unique_ptr<Content> content_;
};

}  // namespace taskonomy::data
