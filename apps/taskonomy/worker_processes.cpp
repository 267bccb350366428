#include "apps/taskonomy/worker_processes.hpp"

#include <unistd.h>

#include <algorithm>

#include "apps/taskonomy/program.hpp"
#include "core/base/files.hpp"
#include "core/base/hash.hpp"
#include "core/base/machine.hpp"

namespace taskonomy::cli {

namespace {

constexpr std::size_t kCudaWorkers = 4;  // each holds a share of the device's memory

}  // namespace

std::size_t workers_of(long given, const recipe::Recipe& recipe) {
  if (given >= 0) return static_cast<std::size_t>(given);
  if (recipe.compute.workers > 0) return static_cast<std::size_t>(recipe.compute.workers);
  const std::size_t cores = base::usable_cores();
  return recipe.compute.device == "cuda" ? std::min(cores, kCudaWorkers) : cores;
}

jobs::WorkerLimits limits_of(const recipe::Recipe& recipe) {
  constexpr double kGiB = 1 << 30;
  const double asked = recipe.compute.memory_limit * kGiB;
  // A plugin that takes all memory is stopped before the machine runs short for the others.
  const double memory = asked > 0.0 ? asked : static_cast<double>(base::usable_memory()) / 2.0;
  return {static_cast<std::uint64_t>(memory), recipe.compute.device != "cuda"};
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
