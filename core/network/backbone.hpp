// Networks trained elsewhere, as sources of transfers: what they have in common
// (share/doc/pretrained_sources.md).
#pragma once

#include <memory>

#include <taskonomy/sdk/torch.hpp>

#include "core/recipe/pretrained.hpp"

namespace taskonomy::network {

/// A frozen network in evaluation mode. Computes in float32 whatever the run's precision, so that it says
/// what it says in PyTorch.
class Backbone {
 public:
  virtual ~Backbone() = default;
  /// Normalised images [B,3,S,S] -> feature map [B,K,h,w], or one vector per image [B,K], as the network
  /// gives it. Throws Error when the network fails or gives something else.
  virtual torch::Tensor features(const torch::Tensor& images) = 0;
};

/// Reads the file of a source. TorchScript is code: it runs here. Throws Error naming the file and what is
/// wrong with it: not of the form that the recipe says, names or shapes of another network, numbers that are
/// not finite.
[[nodiscard]] std::unique_ptr<Backbone> open(const recipe::Pretrained& source, torch::Device device);

/// The refusals of open() that need none of the file's code, for before a run begins. Throws Error naming the
/// place in the recipe.
void inspect(const recipe::Pretrained& source);

}  // namespace taskonomy::network
