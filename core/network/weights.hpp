// A module's weights by name, as safetensors files hold them: parameters and buffers, under torchvision's
// names where the architecture is torchvision's.
#pragma once

#include <map>
#include <string>

#include <taskonomy/sdk/torch.hpp>

namespace taskonomy::network {

using Weights = std::map<std::string, torch::Tensor>;

/// Copies of every parameter and buffer; `prefix` ("encoder.") goes before each name.
[[nodiscard]] Weights weights_of(const torch::nn::Module& module, const std::string& prefix = "");

/// Copies the weights under `prefix` into the module; others are left alone. Throws Error naming the first
/// name that is missing or whose shape differs.
void load_weights(torch::nn::Module& module, const Weights& weights, const std::string& prefix = "");

}  // namespace taskonomy::network
