// Losses of one competitor as a file (safetensors): "loss" float64 [N] and, where the task offers metrics,
// "metrics" float32 [N,K]. Learning ends here: from this file on a run consists of plain numbers.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace taskonomy::affinity {

/// Where losses/T/<name>.safetensors of a run holds no transfer: no task id begins with an underscore.
inline const std::string kSelfFile = "_self";
inline const std::string kScratchFile = "_scratch";
inline const std::string kConstantFile = "_constant";

/// Writes what one competitor is worth on N test images. `metrics` holds K values an image, row by row, and
/// is empty where the task offers none. `made_from` is the key of the job.
void write_losses(const std::filesystem::path& path, std::span<const double> losses,
                  std::span<const float> metrics, const std::string& made_from);

/// One competitor's losses on the N test images. Throws Error naming the file when it is not sound or holds
/// something else.
[[nodiscard]] std::vector<double> read_losses(const std::filesystem::path& path);

/// Mean over the test images of each of the K metrics, NaN left out; NaN where no image has a value. Empty
/// when the file has no metrics. Throws Error naming the file when it is not sound.
[[nodiscard]] std::vector<double> read_metric_means(const std::filesystem::path& path);

}  // namespace taskonomy::affinity
