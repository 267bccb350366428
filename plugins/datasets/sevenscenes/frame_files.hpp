// A frame's images as tensors.
#pragma once

#include <filesystem>

#include <taskonomy/sdk/torch.hpp>

#include "overlap.hpp"
#include "sequence.hpp"

namespace sevenscenes {

/// Colours uint8 [3,H,W]. Throws std::runtime_error naming the file, as do the others.
[[nodiscard]] torch::Tensor read_colour(const Frame& frame);

/// Metres float32 [1,H,W], 0 = no reading; refused when it has another shape than the colours (a scale of it
/// is fine).
[[nodiscard]] torch::Tensor read_depth(const Frame& frame, double units_per_metre, std::int64_t colour_height,
                                       std::int64_t colour_width);

/// Frame number `frame` of a sequence on a grid of about 80 columns.
[[nodiscard]] View read_view(const Sequence& sequence, std::size_t frame);

}  // namespace sevenscenes
