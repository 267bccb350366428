#include "core/jobs/gpu_places.hpp"

#include <algorithm>
#include <cstdlib>

#include "core/base/text.hpp"

namespace taskonomy::jobs {

std::uint64_t own_room_on_gpu() {
  const char* const bytes = std::getenv(kRoomOnGpu);
  return bytes == nullptr ? 0 : std::strtoull(bytes, nullptr, 10);
}

std::vector<std::string> names_of_gpus(std::size_t count, const char* variable) {
  std::vector<std::string> names;
  if (variable == nullptr) {
    for (std::size_t gpu = 0; gpu < count; ++gpu) names.push_back(std::to_string(gpu));
    return names;
  }
  for (const auto& name : base::split(variable, ','))
    if (const auto word = base::trim(name); !word.empty() && names.size() < count) names.push_back(word);
  return names;
}

namespace {

/// What workers may take of a GPU's memory.
std::uint64_t usable_memory(const GpuShares& shares) {
  return shares.memory_of_gpu - shares.memory_of_gpu / 10;
}

}  // namespace

std::size_t workers_of_gpu(const GpuShares& shares) {
  constexpr std::size_t kUnknown = 4;
  if (shares.per_gpu > 0) return shares.per_gpu;
  if (shares.memory_of_gpu == 0 || shares.memory_of_worker == 0) return kUnknown;
  return std::clamp<std::size_t>(usable_memory(shares) / shares.memory_of_worker, 1, kMostSharing);
}

std::size_t gpu_workers(std::size_t gpus, const GpuShares& shares) {
  const std::size_t most = std::max<std::size_t>(gpus, 1) * workers_of_gpu(shares);
  if (shares.wanted > 0) return shares.per_gpu > 0 ? std::min(shares.wanted, most) : shares.wanted;
  return std::max({std::min(most, shares.cores), gpus, std::size_t{1}});
}

std::uint64_t room_on_gpu(std::size_t workers, std::size_t gpus, const GpuShares& shares) {
  if (workers == 0 || gpus == 0 || shares.memory_of_worker == 0) return 0;
  const std::size_t sharing = (workers + gpus - 1) / gpus;
  const std::uint64_t part = usable_memory(shares) / sharing;
  return part > shares.memory_of_worker ? part - shares.memory_of_worker : 0;
}

std::vector<std::string> gpus_of_workers(std::size_t workers, const std::vector<std::string>& gpus) {
  std::vector<std::string> places;
  for (std::size_t worker = 0; worker < workers && !gpus.empty(); ++worker)
    places.push_back(gpus[worker % gpus.size()]);
  return places;
}

}  // namespace taskonomy::jobs
