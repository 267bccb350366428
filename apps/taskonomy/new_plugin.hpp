// `taskonomy tasks new` and `taskonomy datasets new`.
#pragma once

#include <string>
#include <vector>

#include "core/base/error.hpp"

namespace taskonomy::cli {

/// A folder with a new task's project, from one of the templates.
[[nodiscard]] base::ExitCode new_task(const std::vector<std::string>& args);
/// The same for a dataset.
[[nodiscard]] base::ExitCode new_dataset(const std::vector<std::string>& args);

}  // namespace taskonomy::cli
