// Data that stays on the device for a whole training: there a batch is gathered without a copy from the host and
// without waiting for one.
#pragma once

#include <cstdint>

#include <taskonomy/sdk/torch.hpp>

namespace taskonomy::data {

/// Rows of a tensor for int64 `indices` [B] on the CPU, on `device`; gathered where the tensor lies. What a GPU computes
/// meanwhile is not waited for where it lies there.
[[nodiscard]] torch::Tensor rows_of(const torch::Tensor& values, const torch::Tensor& indices,
                                    torch::Device device);

/// Memory of a device that data may stay in: first come, first kept.
class Residence {
 public:
  Residence(torch::Device device, std::uint64_t bytes) : device_(device), left_(bytes) {}
  /// A copy on the device where the room left holds it; else, on a CPU and undefined, the tensor itself.
  [[nodiscard]] torch::Tensor kept(const torch::Tensor& values);

 private:
  torch::Device device_;
  std::uint64_t left_;
};

}  // namespace taskonomy::data
