// Losses of one competitor as a file: float64 "loss" [N], safetensors. Read here without LibTorch; evaluate
// writes them.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace taskonomy::losses {

/// Where losses/T/<name>.safetensors of a run holds no transfer: no task id begins with an underscore.
inline const std::string kSelfFile = "_self";
inline const std::string kScratchFile = "_scratch";
inline const std::string kConstantFile = "_constant";

/// One competitor's losses on the N test images. Throws Error naming the file when it is not sound or holds
/// something else.
[[nodiscard]] std::vector<double> read_losses(const std::filesystem::path& path);

}  // namespace taskonomy::losses
