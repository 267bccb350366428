// ResNets from safetensors files under torchvision's parameter names, ImageNet's weights for instance. Holds
// no code.
#pragma once

#include <memory>

#include "core/data/tensor_file.hpp"
#include "core/network/backbone.hpp"

namespace taskonomy::network {

/// resnet18 or resnet50 with torchvision's strides, to the stage `source.output`. The classifier (fc.*) and
/// batch counters (num_batches_tracked) may be there or not. Throws Error counting and naming tensors that
/// are missing (with the nearest name that is there), left over, of another shape, or not finite.
[[nodiscard]] std::unique_ptr<Backbone> open_torchvision(const recipe::Pretrained& source,
                                                         const data::NamedTensors& weights,
                                                         torch::Device device);

}  // namespace taskonomy::network
