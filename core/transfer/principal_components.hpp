// The adapter between a pretrained encoder's K features and the C channels of the run's representations.
#pragma once

#include <cstdint>

#include "core/data/examples.hpp"
#include "core/network/precision.hpp"
#include "core/network/pretrained_encoder.hpp"

namespace taskonomy::transfer {

/// Images that are looked at, evenly spread over the transfer split: with 64 places and more in each, plenty
/// for a covariance of thousands of channels.
inline constexpr std::int64_t kFittingImages = 1024;
/// K at most: the covariance takes 8 K^2 bytes, its decomposition 15 s.
inline constexpr std::int64_t kMostFeatures = 4096;

/// The C directions v_j of largest variance l_j among the features of all places of the transfer images,
/// whitened: basis_j = v_j / sqrt(l_j), so that each channel of the representation has mean 0 and deviation 1
/// there. Signs: the largest component of each v_j is positive. Where the features vary in fewer than C
/// directions, the remaining channels are 0. Labels play no part. Deterministic. Throws Error for more than
/// kMostFeatures and for features that do not vary at all.
[[nodiscard]] network::Projection principal_components(network::PretrainedEncoder& encoder,
                                                       const data::ExampleSet& examples,
                                                       std::int64_t channels, std::int64_t batch,
                                                       const network::Hardware& hardware);

}  // namespace taskonomy::transfer
