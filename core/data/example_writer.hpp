// Makes the examples of tasks from stored samples, and writes them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <taskonomy/sdk/task.hpp>

#include "core/data/sample_store.hpp"
#include "core/data/whitening.hpp"

namespace taskonomy::data {

/// Largest share of the samples that may be left out, for a damaged file or a missing label. Beyond it
/// something is wrong with the data set or the task, and the examples are refused.
inline constexpr double kToleratedShare = 0.05;

/// Writes the plain images of all shards as they come, uint8 [N,V,3,H,W] as "train.rgb" and so on for each split, and the
/// sample ids. Returns the number of images. Throws Error naming some samples when more than kToleratedShare
/// of them could not be read.
std::int64_t write_images(const std::filesystem::path& path, const std::vector<Shard>& shards,
                          const std::string& made_from);

/// The example that a run makes of a sample. What make_example() draws depends on the run's seed and on the
/// ids of task and sample alone. Throws Error `task "normal": make_example: ...` for what the task throws.
[[nodiscard]] sdk::Example example_of(const sdk::Task& task, const sdk::Sample& sample, std::uint64_t seed);

/// Which modality that the task's label is made from the sample lacks, and why, in words; "" when it has all. Where it
/// lacks one, nothing is wrong with the task.
[[nodiscard]] std::string lacking_label(const sdk::TaskInfo& task, const sdk::Sample& sample);

/// What a task's examples depend on beside its samples.
struct ExampleOptions {
  std::int64_t side = 0;   ///< of the run's images, pixels
  std::uint64_t seed = 0;  ///< of the run
  std::string made_from;   ///< key of the job
  std::optional<WhiteningConstants>
      whitening{};  ///< measured ones that the task was made with; kept in the file
  /// Whether samples that lack the label may be any number. What else goes wrong keeps its limit.
  bool labels_may_lack = false;
};

/// What came of writing examples.
struct ExampleSummary {
  std::int64_t examples = 0;
  std::vector<std::string> left_out;  ///< "sample: reason"
  /// Whether all labels of the training split are the same, so that there is nothing to learn.
  bool constant = false;
};

/// Makes a task's examples by example_of() and writes them in the order of the images. Floating-point targets
/// within +-16 are stored in half precision: its step at 1 is 0.0005, that of an 8-bit image 0.004. A sample
/// whose make_example() throws is left out. Throws Error when that happens to more than kToleratedShare of
/// them (see ExampleOptions::labels_may_lack), or when an example has other parts, shapes or types than
/// TaskInfo says.
ExampleSummary write_examples(const std::filesystem::path& path, const sdk::Task& task,
                              const std::vector<Shard>& shards, const ExampleOptions& options);

}  // namespace taskonomy::data
