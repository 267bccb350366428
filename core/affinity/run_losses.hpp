// The loss tables of a finished run, from its folder: what statistics over test images start from.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/affinity/loss_table.hpp"

namespace taskonomy::affinity {

/// One table per target, with the rows of its tournament (tournaments/T.csv) in their order, so that losses
/// left from an older recipe stay out. Images are called by the sample ids of the run's test split where one
/// list of images alone has as many, else "1", "2", ... Throws Error naming the file that is missing or not
/// sound.
[[nodiscard]] std::vector<LossTable> read_run_losses(const std::filesystem::path& run,
                                                     const std::vector<std::string>& targets);

}  // namespace taskonomy::affinity
