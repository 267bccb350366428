// What practitioners' metrics say of one competitor: the means that are reported beside its losses.
#pragma once

#include <filesystem>
#include <vector>

namespace taskonomy::losses {

/// Mean over the test images of each of the K metrics in a competitor's file of losses ("metrics", float32
/// [N,K]), NaN left out; NaN where no image has a value. Empty when the file has none. Throws Error naming
/// the file when it is not sound.
[[nodiscard]] std::vector<double> read_metric_means(const std::filesystem::path& path);

}  // namespace taskonomy::losses
