// Losses of one competitor as a file (safetensors): "loss" float64 [N] and, where the task offers metrics,
// "metrics" float32 [N,K]. Learning ends here: from this file on a run consists of plain numbers.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "core/affinity/loss_table.hpp"

namespace taskonomy::affinity {

/// Names of losses/T/<name>.safetensors that hold no transfer: no task id begins with an underscore.
inline const std::string kSelfFile = "_self";
inline const std::string kScratchFile = "_scratch";
inline const std::string kConstantFile = "_constant";

/// Writes what one competitor is worth on N test images, atomically. `metrics` holds K values per image,
/// image after image, and is empty where the task offers none; NaN stands for no value. `made_from` is the
/// key of the job. Throws std::logic_error when the metrics are not K values for each image, and Error naming
/// the path.
void write_losses(const std::filesystem::path& path, std::span<const double> losses,
                  std::span<const float> metrics, const std::string& made_from);

/// One competitor's losses on the N test images. Throws Error naming the file when it is damaged or holds
/// something else.
[[nodiscard]] std::vector<double> read_losses(const std::filesystem::path& path);

/// Mean of each of the K metrics over the test images that have a value; NaN where no image has one. Empty
/// when the file has no metrics. Throws Error naming the file when it is damaged or holds something else.
[[nodiscard]] std::vector<double> read_metric_means(const std::filesystem::path& path);

/// The loss tables of a finished run, from its folder: what statistics over test images start from. There is
/// one table per target, with the rows of its tournament (tournaments/T.csv) in their order, so that losses
/// left from an older recipe stay out. Images have the sample ids of the run's test split where exactly one
/// kind of view has as many, else "1", "2", ... Throws Error naming the file that is missing or damaged.
[[nodiscard]] std::vector<LossTable> read_run_losses(const std::filesystem::path& run,
                                                     const std::vector<std::string>& targets);

}  // namespace taskonomy::affinity
