// Losses of one competitor as a file (safetensors): "loss" float64 [N] and, where the task offers metrics,
// "metrics" float32 [N,K] and "pooled" float64 [P]. Learning ends here: from this file on a run consists of plain numbers.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/affinity/loss_table.hpp"

namespace taskonomy::affinity {

/// Names of losses/T/<name>.safetensors that hold no transfer: no task id begins with an underscore.
inline const std::string kSelfFile = "_self";
inline const std::string kScratchFile = "_scratch";
inline const std::string kConstantFile = "_constant";
inline const std::string kAverageFile = "_average";
inline const std::string kCurveFile = "_curve@";  ///< and the divisor

/// What one competitor is worth on N test images.
struct CompetitorLosses {
  std::span<const double> losses{};  ///< [N]
  /// [N,K], image after image; NaN: no value. Empty where the task offers none.
  std::span<const float> metrics{};
  std::span<const double>
      pooled{};                   ///< [P], metrics of all images together; empty where the task offers none
  std::string metrics_failure{};  ///< what the task's metrics did wrong; "" = nothing
  std::string view_kind{};        ///< of the images: "single"; they are those of examples/images-single
  std::string images{};           ///< fingerprint of the ids of that file, data::ExampleSet::fingerprint()
  std::string made_from{};        ///< key of the job
};

/// Writes them atomically. Throws std::logic_error when the metrics are not K values for each image, and Error
/// naming the path.
void write_losses(const std::filesystem::path& path, const CompetitorLosses& competitor);

/// One competitor's losses on the N test images. Throws Error naming the file when it is damaged or holds
/// something else.
[[nodiscard]] std::vector<double> read_losses(const std::filesystem::path& path);

/// The P metrics of all images together, then the mean of each of the K others over the test images that have a
/// value; NaN where no image has one. Throws Error naming the file when it is damaged or holds something else.
[[nodiscard]] std::vector<double> read_metrics(const std::filesystem::path& path);

/// What the task's metrics did wrong when this competitor was judged, so that those of read_metrics() that are NaN
/// have no value: "measure: test images: no luck". "" where nothing. Throws Error naming the file when it is damaged.
[[nodiscard]] std::string read_metrics_failure(const std::filesystem::path& path);

/// The value that one competitor's first metric has on each of the N test images, NaN where an image has
/// none. Empty where the first metric is of all images together, or where there is none. Throws Error as
/// read_metrics().
[[nodiscard]] std::vector<double> read_first_metric(const std::filesystem::path& path);

/// The loss tables of a finished run, from its folder: what statistics over test images start from. There is
/// one table per target, with the rows of its tournament (tournaments/T.csv) in their order, so that losses
/// left from an older recipe stay out. `scenes_apart`: as its recipe's [split] unit says (LossTable). Images have the sample ids of the run's test split of their view kind.
/// Throws Error naming the file that is missing, damaged, or of other images than the run has now.
[[nodiscard]] std::vector<LossTable> read_run_losses(const std::filesystem::path& run,
                                                     const std::vector<std::string>& targets,
                                                     bool scenes_apart = true);

/// The target's own network and the best constant guess alone, of a run that may be unfinished; nothing unless both
/// are there. Images and errors as in read_run_losses().
[[nodiscard]] std::optional<LossTable> read_source_losses(const std::filesystem::path& run,
                                                          const std::string& target);

}  // namespace taskonomy::affinity
