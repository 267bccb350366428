// Constants that whiten labels of a few numbers (poses, layouts, vanishing points): measured on a run's own
// training samples where the recipe gives none, and kept with the examples.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <taskonomy/sdk/task.hpp>

#include "core/data/sample_store.hpp"

namespace taskonomy::data {

/// Mean and deviation that whiten a task's label, K numbers each.
struct WhiteningConstants {
  std::vector<double> mean, deviation;
};

/// Smallest deviation that is measured: of a number that does not vary, the noise is no signal (metres, radians,
/// parts of a unit direction).
inline constexpr double kLeastDeviation = 0.05;

/// Measures a task's whitening on the training samples. Nothing where the task does not offer
/// sdk::MeasuredWhitening, the recipe gives the constants, or fewer than two training samples have a label.
[[nodiscard]] std::optional<WhiteningConstants> measure_whitening(const sdk::Task& task,
                                                                  const std::vector<Shard>& shards,
                                                                  std::uint64_t seed);
/// Metadata of a file of examples: the constants that whiten its targets, where they were measured.
inline const std::string kWhitening = "whitening";
/// The constants as that metadata.
[[nodiscard]] std::string text_of(const WhiteningConstants& whitening);
/// The constants that examples were written with; nothing where none were measured. Throws Error naming the file.
[[nodiscard]] std::optional<WhiteningConstants> whitening_of(const std::filesystem::path& examples);

/// The constants that a task whitens with, a number each of its K; nothing where it does not offer
/// sdk::MeasuredWhitening.
[[nodiscard]] std::optional<WhiteningConstants> whitening_of(const sdk::Task& task);

}  // namespace taskonomy::data
