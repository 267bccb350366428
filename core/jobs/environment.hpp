// What processes that run plugins see of this program's environment: passwords and tokens of the user's shell are none
// of a plugin's business.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace taskonomy::jobs {

/// The variable that names further ones to pass on: "AWS_PROFILE:MY_DATA".
inline constexpr const char* kPassedOn = "TASKONOMY_PLUGIN_ENVIRONMENT";

/// Whether plugins and what they stand on need a variable: paths, home and temporary folders, language, time zone and
/// terminal; this program's own (TASKONOMY_*); and what tunes the loader, LibTorch, BLAS, OpenMP, CUDA and sanitizers.
/// `passed_on`: the value of kPassedOn.
[[nodiscard]] bool is_for_plugins(std::string_view name, std::string_view passed_on);

/// The variables of this process that plugins may see, "NAME=VALUE". [no thread sets variables]
[[nodiscard]] std::vector<std::string> plugin_environment();
/// Removes the others from this process. [the same]
void keep_plugin_environment();

}  // namespace taskonomy::jobs
