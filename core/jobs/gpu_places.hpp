// Which GPU each worker works on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace taskonomy::jobs {

/// The variable by which CUDA is told which GPUs a process may see.
inline constexpr const char* kVisibleGpus = "CUDA_VISIBLE_DEVICES";

/// The variable by which a worker is told how many bytes of its GPU's memory it may keep data in.
inline constexpr const char* kRoomOnGpu = "TASKONOMY_ROOM_ON_GPU";

/// What a worker was told; 0 where it was told nothing.
[[nodiscard]] std::uint64_t own_room_on_gpu();

/// Most workers of one GPU where nobody says how many; more keep it no busier.
inline constexpr std::size_t kMostSharing = 8;

/// The GPUs that a process sees, each as kVisibleGpus names it: "0", "3", "GPU-8932f937-...", "MIG-...". `count`: how
/// many it finds. `variable`: the value of kVisibleGpus, null where it is not set. CUDA drops what follows a name that
/// it does not know, so the first `count` names are those that it found.
[[nodiscard]] std::vector<std::string> names_of_gpus(std::size_t count, const char* variable);

/// What decides on the number of workers.
struct GpuShares {
  std::size_t cores = 1;               ///< that this process may use: a worker keeps one busy
  std::size_t wanted = 0;              ///< workers in all, [compute] workers or --workers; 0: nobody says
  std::size_t per_gpu = 0;             ///< [compute] workers_per_gpu; 0: as many as its memory holds
  std::uint64_t memory_of_gpu = 0;     ///< bytes, of the smallest; 0: not known
  std::uint64_t memory_of_worker = 0;  ///< bytes of GPU memory that a worker takes at most; 0: not known
};

/// How many workers share one GPU: per_gpu where it is given; else what memory holds, leaving a tenth of it free, from 1
/// to kMostSharing; 4 where memory is not known.
[[nodiscard]] std::size_t workers_of_gpu(const GpuShares& shares);

/// How many workers there are on so many GPUs: `wanted`, as far as per_gpu allows; else workers_of_gpu() on each, no
/// more than cores but at least one for each GPU. At least 1.
[[nodiscard]] std::size_t gpu_workers(std::size_t gpus, const GpuShares& shares);

/// Bytes of its GPU's memory that each of so many workers may keep data in: what its part of the GPU holds, a tenth left
/// free, beyond what it takes at most. 0 where either is not known.
[[nodiscard]] std::uint64_t room_on_gpu(std::size_t workers, std::size_t gpus, const GpuShares& shares);

/// The GPU of each worker: worker i works on GPU i mod their number. Empty without GPUs.
[[nodiscard]] std::vector<std::string> gpus_of_workers(std::size_t workers,
                                                       const std::vector<std::string>& gpus);

}  // namespace taskonomy::jobs
