// `taskonomy data preview|lint|export`: each in its own file data_<name>.cpp, and what they share.
#pragma once

#include <boost/program_options.hpp>
#include <string>
#include <vector>

#include "apps/taskonomy/options.hpp"
#include "core/base/error.hpp"

namespace taskonomy::cli {

/// A contact sheet: samples and every task's label.
[[nodiscard]] base::ExitCode data_preview(const std::vector<std::string>& args);
/// Counts, ranges and suspicions about a recipe's dataset and labels.
[[nodiscard]] base::ExitCode data_lint(const std::vector<std::string>& args);
/// A recipe's dataset as files of the Taskonomy data set's layout.
[[nodiscard]] base::ExitCode data_export(const std::vector<std::string>& args);

/// --set and --plugin-dir.
[[nodiscard]] boost::program_options::options_description data_options();

}  // namespace taskonomy::cli
