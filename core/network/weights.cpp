#include "core/network/weights.hpp"

#include <sstream>

#include "core/base/error.hpp"

namespace taskonomy::network {

namespace {

std::string text_of(c10::IntArrayRef shape) {
  std::ostringstream stream;
  stream << shape;
  return stream.str();
}

}  // namespace

Weights weights_of(const torch::nn::Module& module, const std::string& prefix) {
  Weights weights;
  for (const auto& item : module.named_parameters())
    weights[prefix + item.key()] = item.value().detach().clone();
  for (const auto& item : module.named_buffers())
    weights[prefix + item.key()] = item.value().detach().clone();
  return weights;
}

void load_weights(torch::nn::Module& module, const Weights& weights, const std::string& prefix) {
  torch::NoGradGuard no_grad;
  const auto copy = [&](const std::string& name, torch::Tensor destination) {
    const auto found = weights.find(prefix + name);
    if (found == weights.end()) throw base::Error("weights: \"" + prefix + name + "\" is missing");
    if (found->second.sizes() != destination.sizes())
      throw base::Error("weights: \"" + prefix + name + "\" is " + text_of(found->second.sizes()) +
                        ", expected " + text_of(destination.sizes()));
    destination.copy_(found->second);
  };
  for (const auto& item : module.named_parameters()) copy(item.key(), item.value());
  for (const auto& item : module.named_buffers()) copy(item.key(), item.value());
}

}  // namespace taskonomy::network
