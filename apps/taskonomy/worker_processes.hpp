// The worker processes of one machine: how many there are, what each may take, how one is started.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/jobs/pool.hpp"
#include "core/jobs/run_directory.hpp"
#include "core/recipe/recipe.hpp"

namespace taskonomy::cli {

/// The number of worker processes. `given`: the value of --workers, -1 without it; then the recipe's
/// [compute] workers counts, then the number of cores.
[[nodiscard]] std::size_t workers_of(long given, const recipe::Recipe& recipe);

/// What one worker may take: the recipe's [compute] memory_limit, by default half of the machine's memory.
[[nodiscard]] jobs::WorkerLimits limits_of(const recipe::Recipe& recipe);

/// The command line of one worker process of this program in a run's folder: `options` beside plugin folders.
/// The worker ends when this process does.
[[nodiscard]] std::vector<std::string> worker_command_line(const jobs::RunDirectory& run,
                                                           const std::vector<std::string>& plugin_dirs,
                                                           const std::vector<std::string>& options = {});

/// A checksum of this program and of its learning library: two machines with the same one compute the same.
[[nodiscard]] std::string program_stamp();

}  // namespace taskonomy::cli
