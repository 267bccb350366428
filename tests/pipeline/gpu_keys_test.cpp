// What of [compute] is part of a run on GPUs, and what is not.
#include "core/pipeline/job_name.hpp"
#include "core/pipeline/stages.hpp"
#include "tests/pipeline/run_setup.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;
using pipeline::JobName;
using tests::keys_of;
using tests::setup_of;

TEST_CASE("fast kernels of GPUs make other results, and enter the keys there alone") {
  const auto on_cpu = keys_of(setup_of(tests::kRooms));
  CHECK(keys_of(setup_of(tests::kRooms, {"compute.fast=true"})) == on_cpu);
  const auto on_gpu = keys_of(setup_of(tests::kRooms, {"compute.device=cuda"}));
  CHECK(keys_of(setup_of(tests::kRooms, {"compute.device=cuda", "compute.workers_per_gpu=3"})) == on_gpu);
  const auto fast = keys_of(setup_of(tests::kRooms, {"compute.device=cuda", "compute.fast=true"}));
  for (const auto& [id, key] : on_gpu) {
    const auto made_by = pipeline::row_of(JobName::parse(id)->stage).made_by;
    if (made_by == pipeline::MadeBy::networks) CHECK_MESSAGE(fast.at(id) != key, id);
  }
  CHECK(fast.at("samples/single/000") == on_gpu.at("samples/single/000"));
}
