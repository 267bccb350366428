// A module's weights by name, as safetensors files hold them: parameters and buffers, under torchvision's
// names where the architecture is torchvision's.
#pragma once

#include <map>
#include <string>

#include <taskonomy/sdk/torch.hpp>

#include "core/data/tensor_file.hpp"

namespace taskonomy::network {

using Weights = std::map<std::string, torch::Tensor>;

/// Copies of every parameter and buffer; `prefix` ("encoder.") goes before each name.
[[nodiscard]] Weights weights_of(const torch::nn::Module& module, const std::string& prefix = "");

/// Copies the weights under `prefix` into the module; others are left alone. Throws Error naming the first
/// name that is missing or whose shape differs.
void load_weights(torch::nn::Module& module, const Weights& weights, const std::string& prefix = "");

/// The tensors of a file from elsewhere as the weights `wanted`, in float32. A classifier (fc.*) and batch
/// counters (num_batches_tracked) may be there or not; counters are those of `wanted`. Throws Error counting
/// and naming tensors of `architecture` that are missing (with the nearest name that is there), left over, of
/// another shape, or not finite.
[[nodiscard]] Weights fitting_weights(const data::NamedTensors& tensors, const Weights& wanted,
                                      const std::string& architecture);

}  // namespace taskonomy::network
