// The border between learning and numbers: per-image losses as files, one per competitor. Tensors end here;
// losses::read_losses() reads them as doubles.
#pragma once

#include <filesystem>
#include <string>

#include "core/scoring/test_scores.hpp"

namespace taskonomy::evaluate {

/// Writes what one competitor is worth on the test images: "loss" float64 [N] and, where the task offers
/// metrics, "metrics" float32 [N,K].
void write_losses(const std::filesystem::path& path, const scoring::TestScores& scores,
                  const std::string& made_from);

}  // namespace taskonomy::evaluate
