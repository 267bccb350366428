// Samples of a dataset for the checks of a task: those of the usual third party, whose task and dataset share a
// modality that nobody else knows.
#pragma once

#include "core/checks/plugin_check.hpp"

namespace taskonomy::checks {

/// Makes the dataset and takes samples of it for the task, all in a process of its own, so that nothing of either is
/// loaded here. No samples where the task cannot be made for this dataset, which load.creates says then. Throws
/// base::Error when the dataset cannot be made or read, crashes or hangs, or has nothing for the task.
[[nodiscard]] TaskSamples take_samples(CheckedPlugin& task, CheckedPlugin& dataset);

}  // namespace taskonomy::checks
