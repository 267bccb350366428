// Image encoders exported by torch.jit.trace or torch.jit.script. A TorchScript file is a program: loading
// and running it runs whatever its maker wrote, so only files of people one trusts belong in a recipe.
#pragma once

#include <memory>

#include "core/network/backbone.hpp"

namespace taskonomy::network {

/// Loads the module and freezes it. Throws Error when the file is no TorchScript, needs operators that this
/// LibTorch lacks, has no method of the recipe's name, or holds NaN.
[[nodiscard]] std::unique_ptr<Backbone> open_torchscript(const recipe::Pretrained& source,
                                                         torch::Device device);

/// Looks at the archive's table of contents alone. Throws Error for files that are no archive and for those
/// of torch.save, which hold weights without the network.
void inspect_torchscript(const recipe::Pretrained& source);

}  // namespace taskonomy::network
