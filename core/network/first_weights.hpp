// Weights that a network begins with in place of fresh ones: those of another run's network, or an encoder
// trained elsewhere ([source] start; share/doc/pretrained_sources.md). A few hundred images teach a network
// that begins so far more than one that begins at random.
#pragma once

#include <string>

#include <taskonomy/sdk/torch.hpp>

#include "core/data/tensor_file.hpp"
#include "core/network/weights.hpp"
#include "core/recipe/recipe.hpp"

namespace taskonomy::network {

/// The weights of the recipe's encoder in a file's tensors, under names that begin with "encoder.":
/// parameters and the running statistics of batch normalisation. The file has either
///
///   our own names   "encoder.conv1.weight", ..., as RUN/sources/TASK.safetensors has them: all of the encoder
///   torchvision's   "conv1.weight", "layer1.0.bn1.running_mean", ... of a network trained on ImageNet with
///                   torchvision's normalisation, for resnet18 and resnet50: all but the convolution to the
///                   representation ("squeeze"), which stays fresh
///
/// torchvision's first convolution reads (p - mean) / deviation of pixels p in [0,1], ours 2 p - 1: its
/// weights are scaled, and its running mean is shifted, so that it answers the same but for the border of one
/// kernel, where padding stands for another colour. Throws Error that says what is missing, of another shape
/// (naming the key of the recipe that decides it) or not finite.
[[nodiscard]] Weights first_weights_of_encoder(const data::NamedTensors& tensors,
                                               const recipe::Network& network);

/// What keeps the tensors "decoder.*" of a file from being a decoder's weights: "its decoder gives 40
/// channels, here 14"; "" where all agree. Throws Error for those that agree but are not finite.
[[nodiscard]] std::string decoder_difference(const data::NamedTensors& tensors,
                                             const torch::nn::Module& decoder);

/// The tensors "decoder.*" of a file.
[[nodiscard]] Weights first_weights_of_decoder(const data::NamedTensors& tensors);

/// Copies weights into a module, which keeps the others that it has. Throws Error as load_weights().
void load_first_weights(torch::nn::Module& module, const Weights& weights);

}  // namespace taskonomy::network
