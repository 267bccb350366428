// Samples are decoded or rendered once and stored in shards of some hundred, modalities stacked, so that the
// examples of all tasks are made from the same pixels and workers share the rendering.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <taskonomy/sdk/dataset.hpp>

#include "core/data/splits.hpp"

namespace taskonomy::data {

/// Number of samples in one shard: small enough that every worker gets some, large enough that views
/// of one room stay together.
inline constexpr std::size_t kShardSamples = 128;

/// The samples that a shard is to hold.
struct ShardContent {
  sdk::ViewKind kind;                   ///< of all samples
  std::vector<SampleKey> keys;          ///< in the order of storage
  std::vector<std::string> modalities;  ///< that are read of every sample, rgb among them
  std::string made_from;                ///< key of the job
};

/// What came of writing a shard.
struct ShardSummary {
  std::int64_t samples = 0;
  std::vector<std::string> left_out;  ///< "scene/3: reason" for each sample that could not be read
};

/// Asks the dataset for the samples and writes them with their ids and splits. Samples that cannot
/// be read are left out and named in the file. What a sample lacks (Sample::absent) is stored as
/// absent, with its reason. Throws Error when a sample lacks a modality without a reason, or when
/// shapes differ between samples.
ShardSummary write_shard(const std::filesystem::path& path, const sdk::Dataset& dataset,
                         const ShardContent& content);

/// One sample as stored.
struct StoredSample {
  sdk::Sample sample;
  Split split = Split::train;
};

/// A shard, mapped. [any thread]
class Shard {
 public:
  /// Throws Error naming the path and what is malformed.
  explicit Shard(const std::filesystem::path& path);
  ~Shard();
  Shard(Shard&&) noexcept;
  [[nodiscard]] std::int64_t size() const;
  [[nodiscard]] StoredSample sample(std::int64_t i) const;
  [[nodiscard]] const std::string& id(std::int64_t i) const;
  [[nodiscard]] Split split(std::int64_t i) const;
  [[nodiscard]] const std::vector<std::string>& left_out() const;

 private:
  struct Content;
  std::unique_ptr<Content> content_;
};

}  // namespace taskonomy::data
