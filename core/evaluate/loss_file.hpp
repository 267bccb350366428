// The border between learning and numbers: per-image losses as files, one per competitor, gathered into a
// LossTable of doubles. Tensors end here.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <torch/torch.h>

namespace taskonomy::evaluate {

/// Writes the test losses of one competitor, float64 [N].
void write_losses(const std::filesystem::path& path, const torch::Tensor& losses,
                  const std::string& made_from);

/// One competitor's losses. Throws Error naming the file.
[[nodiscard]] std::vector<double> read_losses(const std::filesystem::path& path);

}  // namespace taskonomy::evaluate
