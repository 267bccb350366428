// From a job's name to its work. Runs in a worker process, or in the host's own with --workers 0.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include "core/jobs/job.hpp"
#include "core/pipeline/setup.hpp"

namespace taskonomy::pipeline {

using SetupMaker = std::function<std::shared_ptr<const Setup>()>;

/// Makes artefacts in the run folder `folder`. `make_setup` is called when the first job comes, with the
/// guards around it that are around jobs. Trainings read from copies (base::LocalCopies) in the folder `copies` where
/// it is not "". Sets LibTorch's process-wide state once. Throws Error when this machine cannot compute as the recipe
/// says.
[[nodiscard]] std::unique_ptr<jobs::Executor> make_executor(const recipe::Compute& compute,
                                                            SetupMaker make_setup,
                                                            const std::filesystem::path& folder,
                                                            const std::filesystem::path& copies = "");

}  // namespace taskonomy::pipeline
