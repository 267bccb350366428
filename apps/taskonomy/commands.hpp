// The commands' functions, each in its own file <name>_command.cpp. Results go to stdout, messages to stderr.
#pragma once

#include <string>
#include <vector>

#include "core/base/error.hpp"

namespace taskonomy::cli {

/// A recipe to its taxonomy, in worker processes, into one folder; again to go on.
[[nodiscard]] base::ExitCode run(const std::vector<std::string>& args);

/// The jobs of a run, which are done, and what the rest will take.
[[nodiscard]] base::ExitCode plan(const std::vector<std::string>& args);

/// How a run stands, from its folder alone.
[[nodiscard]] base::ExitCode status(const std::vector<std::string>& args);

/// One self-contained page about a run or an affinity table.
[[nodiscard]] base::ExitCode report(const std::vector<std::string>& args);

/// Does the jobs of a run that it is told, for the host, a cluster's scheduler or a person.
[[nodiscard]] base::ExitCode worker(const std::vector<std::string>& args);

/// Step IV alone: the best taxonomy of an affinity table under a budget.
[[nodiscard]] base::ExitCode solve(const std::vector<std::string>& args);

/// Intervals, inclusion probabilities, tests, consistency, benefit of orders.
[[nodiscard]] base::ExitCode analyse(const std::vector<std::string>& args);
/// Rank agreement of two tables.
[[nodiscard]] base::ExitCode compare(const std::vector<std::string>& args);
/// Which sources of a run a novel task should use.
[[nodiscard]] base::ExitCode place(const std::vector<std::string>& args);
/// The task tree.
[[nodiscard]] base::ExitCode tree(const std::vector<std::string>& args);

/// `tasks list` and `tasks show ID`.
[[nodiscard]] base::ExitCode tasks(const std::vector<std::string>& args);
/// `datasets list` and `datasets show ID`.
[[nodiscard]] base::ExitCode datasets(const std::vector<std::string>& args);

/// data preview, lint and export: a recipe's samples and labels before training, and as files.
[[nodiscard]] base::ExitCode data(const std::vector<std::string>& args);

/// sdk prefix and info: for building plugins, and for finding out why one was refused.
[[nodiscard]] base::ExitCode sdk(const std::vector<std::string>& args);

}  // namespace taskonomy::cli
