#include "core/training/memory_forecast.hpp"

#include <c10/core/Allocator.h>
#include <c10/util/ThreadLocalDebugInfo.h>

#include <algorithm>
#include <memory>
#include <mutex>

#include "core/network/precision.hpp"
#include "core/training/source_network.hpp"

namespace taskonomy::training {

namespace {

/// Hears of every block that LibTorch allocates or frees, as its profiler does.
class Allocations : public c10::MemoryReportingInfoBase {
 public:
  /// LibTorch 1.13 calls the first, later ones the second.
  void reportMemoryUsage(void*, std::int64_t change, std::int64_t, std::int64_t, c10::Device) {
    note(change);
  }
  void reportMemoryUsage(void*, std::int64_t change, std::size_t, std::size_t, c10::Device) { note(change); }
  bool memoryProfilingEnabled() const override { return true; }
  [[nodiscard]] std::int64_t peak() const { return peak_; }

 private:
  void note(std::int64_t change) {
    const std::lock_guard<std::mutex> lock(mutex_);
    held_ += change;
    peak_ = std::max(peak_, held_);
  }

  std::mutex mutex_;
  std::int64_t held_ = 0, peak_ = 0;
};

double bytes_of(const std::vector<torch::Tensor>& tensors) {
  double bytes = 0.0;
  for (const auto& tensor : tensors) bytes += static_cast<double>(tensor.nbytes());
  return bytes;
}

}  // namespace

std::uint64_t peak_of_tensors(const std::function<void()>& body) {
  const auto allocations = std::make_shared<Allocations>();
  const c10::DebugInfoGuard guard(c10::DebugInfoKind::PROFILER_STATE, allocations);
  body();
  return static_cast<std::uint64_t>(std::max<std::int64_t>(0, allocations->peak()));
}

std::uint64_t gpu_memory_of_training(const recipe::Recipe& recipe, const sdk::Task& task) {
  constexpr double kContext = 600.0 * (1 << 20);
  constexpr double kSpare = 1.25;
  constexpr std::int64_t kImages = 2;  // batch norm needs more than one
  const auto& info = task.info();
  SourceNetwork network(recipe.network, task, recipe.data.side);
  network::prepare_module(network, {});
  network.train();
  const auto side = sdk::input_side(info, recipe.data.side);
  const auto peak = peak_of_tensors([&] {
    const auto images = torch::zeros({kImages * sdk::input_views(info), 3, side, side});
    network.forward(images.contiguous(torch::MemoryFormat::ChannelsLast)).square().sum().backward();
  });
  constexpr double kCopies = 4.0;  // weights, gradients, two moments; the step has made the gradients
  const double weights = bytes_of(network.parameters());
  const double of_image = std::max(0.0, static_cast<double>(peak) - weights) / static_cast<double>(kImages);
  const double batch = static_cast<double>(recipe::source_training(recipe, info.id).batch);
  return static_cast<std::uint64_t>(kContext + kSpare * (kCopies * weights + batch * of_image));
}

}  // namespace taskonomy::training
