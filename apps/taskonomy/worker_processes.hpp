// The worker processes of one machine: how many there are, what each may take, how one is started.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/jobs/pool.hpp"
#include "core/jobs/run_directory.hpp"
#include "core/recipe/recipe.hpp"

namespace taskonomy::cli {

/// The number of worker processes. `given`: the value of --workers, -1 without it; then the recipe's [compute] workers
/// counts, then the number of cores; on GPUs see jobs::gpu_workers(). `memory_on_gpu`: bytes of a GPU that one takes at
/// most, 0 where nobody knows.
[[nodiscard]] std::size_t workers_of(long given, const recipe::Recipe& recipe,
                                     std::uint64_t memory_on_gpu = 0);

/// The GPU that each of so many workers sees; empty where the recipe wants none, and where none is found, which the
/// workers will tell.
[[nodiscard]] std::vector<std::string> gpus_for(std::size_t workers, const recipe::Recipe& recipe);

/// What one worker may take: the recipe's [compute] memory_limit, by default half of the machine's memory.
[[nodiscard]] jobs::WorkerLimits limits_of(const recipe::Recipe& recipe);

/// So many workers of this machine for a run of the recipe, none started yet; `command` starts one. `memory_on_gpu`: as
/// for workers_of(); what their GPUs have beyond it holds their data.
[[nodiscard]] std::unique_ptr<jobs::WorkerPool> make_worker_pool(std::vector<std::string> command,
                                                                 std::size_t workers,
                                                                 const recipe::Recipe& recipe,
                                                                 jobs::RunLog& log,
                                                                 std::uint64_t memory_on_gpu = 0);

/// The command line of one worker process of this program in a run's folder: `options` beside plugin folders.
/// The worker ends when this process does.
[[nodiscard]] std::vector<std::string> worker_command_line(const jobs::RunDirectory& run,
                                                           const std::vector<std::string>& plugin_dirs,
                                                           const std::vector<std::string>& options = {});

/// A checksum of this program and of its learning library: two machines with the same one compute the same.
[[nodiscard]] std::string program_stamp();

}  // namespace taskonomy::cli
