// A device beside the CPU that needs no hardware: its tensors lie in the same memory and are computed by the same
// kernels, but LibTorch takes them for another device's. What mixes them with tensors of the CPU fails as it
// would on a GPU.
#pragma once

#include <functional>
#include <string>

#include <taskonomy/sdk/torch.hpp>

#include "checks.hpp"

namespace taskonomy::sdk::testing {

/// The device (LibTorch's "privateuseone"). The first object registers it, for the life of the process. It has
/// no gradients: use it under NoGradGuard.
class SecondDevice {
 public:
  SecondDevice();
  [[nodiscard]] torch::Device device() const;
  /// A copy there; undefined stays undefined.
  [[nodiscard]] torch::Tensor moved(const torch::Tensor& tensor) const;
  /// Calls body, under NoGradGuard. Notes a failure where it mixes devices: "aten::add gets float [3], which lies
  /// on the CPU". Throws NotApplicable where it calls what only a GPU could try.
  void expect_unmixed(Problems& problems, const std::function<void()>& body) const;
};

}  // namespace taskonomy::sdk::testing
