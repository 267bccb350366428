// How workers share GPUs.
#include "core/jobs/gpu_places.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;
using Names = std::vector<std::string>;

TEST_CASE("worker i works on GPU i mod their number, by the names that this process sees them under") {
  CHECK(jobs::gpus_of_workers(5, {"0", "1"}) == Names{"0", "1", "0", "1", "0"});
  CHECK(jobs::gpus_of_workers(2, {"0", "1", "2"}) == Names{"0", "1"});
  CHECK(jobs::gpus_of_workers(3, {"GPU-8932f937"}) == Names(3, "GPU-8932f937"));
  CHECK(jobs::gpus_of_workers(3, {}).empty());
}

TEST_CASE("names of GPUs are numbers, or those of CUDA_VISIBLE_DEVICES as far as CUDA finds them") {
  CHECK(jobs::names_of_gpus(3, nullptr) == Names{"0", "1", "2"});
  CHECK(jobs::names_of_gpus(2, "3,1") == Names{"3", "1"});
  CHECK(jobs::names_of_gpus(1, " MIG-41b35014 , 7") == Names{"MIG-41b35014"});
  CHECK(jobs::names_of_gpus(0, "-1").empty());
  CHECK(jobs::names_of_gpus(0, "").empty());
  CHECK(jobs::names_of_gpus(0, nullptr).empty());
}

TEST_CASE("as many workers share a GPU as are asked for, or as its memory holds") {
  constexpr std::uint64_t kGiB = std::uint64_t{1} << 30;
  CHECK(jobs::workers_of_gpu({.per_gpu = 3}) == 3);
  CHECK(jobs::workers_of_gpu({}) == 4);  // nothing is known
  CHECK(jobs::workers_of_gpu({.memory_of_gpu = 80 * kGiB, .memory_of_worker = 20 * kGiB}) == 3);  // 72 of 80
  CHECK(jobs::workers_of_gpu({.memory_of_gpu = 16 * kGiB, .memory_of_worker = 20 * kGiB}) == 1);
  CHECK(jobs::workers_of_gpu({.memory_of_gpu = 80 * kGiB, .memory_of_worker = kGiB}) == jobs::kMostSharing);
  CHECK(jobs::workers_of_gpu({.per_gpu = 20, .memory_of_gpu = kGiB, .memory_of_worker = kGiB}) == 20);
}

TEST_CASE("the number of workers: GPUs times those that share one, no more than cores, none without work") {
  CHECK(jobs::gpu_workers(2, {.cores = 16, .per_gpu = 3}) == 6);
  CHECK(jobs::gpu_workers(2, {.cores = 4, .per_gpu = 3}) == 4);
  CHECK(jobs::gpu_workers(8, {.cores = 4, .per_gpu = 1}) == 8);  // no GPU stays idle
  CHECK(jobs::gpu_workers(2, {.cores = 16, .wanted = 3}) == 3);
  CHECK(jobs::gpu_workers(2, {.cores = 16, .wanted = 3, .per_gpu = 1}) == 2);
  CHECK(jobs::gpu_workers(0, {.cores = 16, .per_gpu = 3}) == 3);  // a plan for another machine
  CHECK(jobs::gpu_workers(0, {.cores = 1}) == 1);
}

TEST_CASE("room for data is what a worker's part of its GPU holds beyond what it takes at most") {
  constexpr std::uint64_t kGiB = std::uint64_t{1} << 30;
  const jobs::GpuShares shares{.memory_of_gpu = 80 * kGiB, .memory_of_worker = 20 * kGiB};
  CHECK(jobs::room_on_gpu(2, 2, shares) == 52 * kGiB);
  CHECK(jobs::room_on_gpu(3, 2, shares) == 16 * kGiB);  // two of them share one
  CHECK(jobs::room_on_gpu(8, 2, shares) == 0);          // less than nothing is left
  CHECK(jobs::room_on_gpu(0, 2, shares) == 0);
  CHECK(jobs::room_on_gpu(2, 0, shares) == 0);
  CHECK(jobs::room_on_gpu(2, 2, {.memory_of_gpu = 80 * kGiB}) == 0);  // nobody knows what it takes
  CHECK(jobs::room_on_gpu(2, 2, {.memory_of_worker = kGiB}) == 0);
}
