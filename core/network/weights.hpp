// Weights as safetensors: parameters and buffers by name, torchvision's names where the architecture is
// torchvision's.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include <taskonomy/sdk/torch.hpp>

namespace taskonomy::network {

using Weights = std::map<std::string, torch::Tensor>;

/// Copies of every parameter and buffer, names prefixed ("encoder.").
[[nodiscard]] Weights weights_of(const torch::nn::Module& module, const std::string& prefix = "");

/// Copies weights into the module. Throws Error naming the first name that is missing or whose shape differs.
void load(torch::nn::Module& module, const Weights& weights, const std::string& prefix = "");

}  // namespace taskonomy::network
