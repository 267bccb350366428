// Made-up samples: a wavy, textured wall about two metres away with all modalities that sample.hpp lists, and
// ways to spoil them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <taskonomy/sdk/dataset.hpp>
#include <taskonomy/sdk/sample.hpp>

namespace taskonomy::sdk::testing {

/// The wall seen by the cameras of a view kind; all modalities, all readings valid, classes within those that
/// the dataset names. Depth, normals, shading and intrinsics agree with each other. Same seed, same sample.
[[nodiscard]] Sample made_up_sample(ViewKind kind, std::int64_t height, std::int64_t width,
                                    std::uint64_t seed, const DatasetInfo& dataset);

/// Pixels at which spoilt() leaves no valid reading: bool [1,H,W], about a fifth of the image.
[[nodiscard]] torch::Tensor spoilt_pixels(std::int64_t height, std::int64_t width);
/// The sample with every label modality invalid at spoilt_pixels(): depth NaN, 0, infinite and negative in
/// turn, normals (0,0,0), regions -1, classes 0, all others that hold fractions NaN. Those in `kept` stay.
[[nodiscard]] Sample spoilt(Sample sample, const std::vector<std::string>& kept = {});
/// The sample with no valid reading anywhere and a black image. Those in `kept` stay.
[[nodiscard]] Sample spoilt_everywhere(Sample sample, const std::vector<std::string>& kept = {});

/// The sample as it is seen in a mirror that stands beside the camera. It lacks the modalities whose mirror image is
/// not simple: poses, room layouts, matches.
[[nodiscard]] Sample mirrored(Sample sample);

/// The sample with every tensor laid out another way in memory: columns before rows, values unchanged.
[[nodiscard]] Sample in_other_layout(Sample sample);
/// The sample with every tensor in another type that holds the same values: float32 in float64, integers in
/// int64, rgb in float32.
[[nodiscard]] Sample in_other_types(Sample sample);

/// The sample, tensor by tensor copied.
[[nodiscard]] Sample copy_of(const Sample& sample);

}  // namespace taskonomy::sdk::testing
