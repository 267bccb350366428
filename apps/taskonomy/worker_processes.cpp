#include "apps/taskonomy/worker_processes.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "apps/taskonomy/program.hpp"
#include "core/base/files.hpp"
#include "core/base/gpu_driver.hpp"
#include "core/base/hash.hpp"
#include "core/base/machine.hpp"
#include "core/jobs/gpu_places.hpp"

namespace taskonomy::cli {

namespace {

bool is_on_gpus(const recipe::Recipe& recipe) { return recipe.compute.device == "cuda"; }

/// `memory`: bytes of a GPU that a worker takes at most, 0 where nobody knows.
jobs::GpuShares shares_of(const recipe::Recipe& recipe, std::uint64_t memory) {
  jobs::GpuShares shares{.cores = base::usable_cores(),
                         .per_gpu = static_cast<std::size_t>(recipe.compute.workers_per_gpu),
                         .memory_of_worker = memory};
  for (const auto& gpu : base::gpu_driver().gpus)
    shares.memory_of_gpu =
        shares.memory_of_gpu == 0 ? gpu.memory : std::min(shares.memory_of_gpu, gpu.memory);
  return shares;
}

}  // namespace

std::size_t workers_of(long given, const recipe::Recipe& recipe, std::uint64_t memory_on_gpu) {
  if (given == 0) return 0;
  const auto wanted = static_cast<std::size_t>(given > 0 ? given : recipe.compute.workers);
  if (!is_on_gpus(recipe)) return wanted > 0 ? wanted : base::usable_cores();
  auto shares = shares_of(recipe, memory_on_gpu);
  shares.wanted = wanted;
  return jobs::gpu_workers(base::gpu_driver().gpus.size(), shares);
}

std::vector<std::string> gpus_for(std::size_t workers, const recipe::Recipe& recipe) {
  if (!is_on_gpus(recipe)) return {};
  return jobs::gpus_of_workers(
      workers, jobs::names_of_gpus(base::gpu_driver().gpus.size(), std::getenv(jobs::kVisibleGpus)));
}

std::unique_ptr<jobs::WorkerPool> make_worker_pool(std::vector<std::string> command, std::size_t workers,
                                                   const recipe::Recipe& recipe, jobs::RunLog& log,
                                                   std::uint64_t memory_on_gpu) {
  auto limits = limits_of(recipe);
  if (is_on_gpus(recipe))
    limits.room_on_gpu =
        jobs::room_on_gpu(workers, base::gpu_driver().gpus.size(), shares_of(recipe, memory_on_gpu));
  return std::make_unique<jobs::WorkerPool>(std::move(command), workers, log, limits,
                                            gpus_for(workers, recipe));
}

jobs::WorkerLimits limits_of(const recipe::Recipe& recipe) {
  constexpr double kGiB = 1 << 30;
  const double asked = recipe.compute.memory_limit * kGiB;
  // A plugin that takes all memory is stopped before the machine runs short for the others.
  const double memory = asked > 0.0 ? asked : static_cast<double>(base::usable_memory()) / 2.0;
  return {.memory = static_cast<std::uint64_t>(memory), .threads = !is_on_gpus(recipe)};
}

std::vector<std::string> worker_command_line(const jobs::RunDirectory& run,
                                             const std::vector<std::string>& plugin_dirs,
                                             const std::vector<std::string>& options) {
  // An absolute path still leads to the run's folder when a plugin has changed the working folder.
  std::vector<std::string> words{base::this_program(), "worker",
                                 std::filesystem::absolute(run.root()).string(), "--parent",
                                 std::to_string(::getpid())};
  words.insert(words.end(), options.begin(), options.end());
  for (const std::string& dir : plugin_dirs) words.insert(words.end(), {"--plugin-dir", dir});
  return words;
}

std::string program_stamp() {
  std::string sums;
  for (const auto& path : {std::filesystem::path(base::this_program()),
                           installation_prefix() / ("lib/libtaskonomy_learning-" + version() + ".so")}) {
    const base::MappedFile file(path);
    sums += base::checksum({reinterpret_cast<const char*>(file.data()), file.size()});
  }
  return sums;
}

}  // namespace taskonomy::cli
