// How much memory of a GPU a training takes, told before it begins and without a GPU.
#pragma once

#include <cstdint>
#include <functional>

#include <taskonomy/sdk/task.hpp>

#include "core/recipe/recipe.hpp"

namespace taskonomy::training {

/// Most bytes that tensors on the CPU held at a time during a call, beyond what they held before it. This thread's
/// alone, with the threads that LibTorch starts for gradients.
[[nodiscard]] std::uint64_t peak_of_tensors(const std::function<void()>& body);

/// Bytes of GPU memory that a process takes at most when it trains a task's source network: CUDA's own (600 MiB), the
/// weights with their gradients and Adam's two moments, and what a step on a batch holds, measured by one step on two
/// images on the CPU in float32, with a quarter more for workspaces and gaps. Transfers and judgement take less.
/// bfloat16 takes about half of the step's part. Takes seconds for large networks. [float32 on the CPU]
[[nodiscard]] std::uint64_t gpu_memory_of_training(const recipe::Recipe& recipe, const sdk::Task& task);

}  // namespace taskonomy::training
