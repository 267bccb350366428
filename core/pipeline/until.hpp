// Runs that stop half way: `taskonomy run --until sources`.
#pragma once

#include <string>
#include <vector>

#include "core/jobs/job.hpp"

namespace taskonomy::pipeline {

/// Where a run may stop: "sources" (step I: data, source networks, what Table 1 and the pictures need) or
/// "transfers" (step II as well, not yet judged).
[[nodiscard]] const std::vector<std::string>& stopping_points();

/// The plan without the jobs behind a stopping point, also among those that only become known on the way.
/// Throws std::logic_error for another word.
[[nodiscard]] jobs::Plan stop_after(jobs::Plan plan, const std::string& point);

}  // namespace taskonomy::pipeline
