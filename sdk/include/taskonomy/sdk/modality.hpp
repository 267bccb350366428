// Taking modalities out of a sample, for authors of tasks. The errors name what is missing or has a wrong
// shape.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <taskonomy/sdk/torch.hpp>

#include <taskonomy/sdk/detail/api.hpp>
#include <taskonomy/sdk/sample.hpp>

namespace taskonomy::sdk {

/// Names of all modalities of sample.hpp, in its order. A dataset may offer others of its own.
[[nodiscard]] TX_API const std::vector<std::string>& known_modalities();

/// Whether the sample carries this modality.
[[nodiscard]] TX_API bool has(const Sample& sample, const std::string& modality);

/// The modality as it is. Throws std::invalid_argument 'sample "ID": modality "M" is missing; it has: ...'.
[[nodiscard]] TX_API const torch::Tensor& require(const Sample& sample, const std::string& modality);

/// A pixel modality [V,channels,H,W] of any numeric type as contiguous float32. channels 0 takes any number.
/// Throws std::invalid_argument naming sample, modality and both shapes.
[[nodiscard]] TX_API torch::Tensor require_pixels(const Sample& sample, const std::string& modality,
                                                  std::int64_t channels);

/// The first view of require_pixels(): float32 [channels,H,W].
[[nodiscard]] TX_API torch::Tensor require_view(const Sample& sample, const std::string& modality,
                                                std::int64_t channels);

/// rgb 0..255 as float32 [V,3,H,W] in [-1,1]: the plain input of every network.
[[nodiscard]] TX_API torch::Tensor scaled_rgb(const Sample& sample);

}  // namespace taskonomy::sdk
