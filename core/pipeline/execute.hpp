// From a job's name to its work. Runs in a worker process.
#pragma once

#include <filesystem>
#include <memory>

#include "core/jobs/job.hpp"
#include "core/pipeline/session.hpp"

namespace taskonomy::pipeline {

/// Makes artefacts in the run folder `folder`. Sets LibTorch's process-wide state once.
[[nodiscard]] std::unique_ptr<jobs::Executor> make_executor(std::shared_ptr<Session> session,
                                                            const std::filesystem::path& folder);

}  // namespace taskonomy::pipeline
