// One file of a view as the modality of a sample: read, checked against the view's photograph, cropped,
// resized.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <taskonomy/sdk/torch.hpp>

namespace taskonomy_dataset {

/// Size of a view's photograph, pixels.
struct ImageSize {
  std::int64_t height = 0;
  std::int64_t width = 0;
};

struct LabelOptions {
  std::int64_t side = 64;        ///< of samples, pixels
  std::int64_t classes = 18;     ///< ids in segment_semantic, 0 included
  bool normals_up_back = false;  ///< normals are stored along x right, y up, z backwards
};

/// The photograph, uint8 [3,H,W] as stored. Throws std::runtime_error naming the file, as do the others.
[[nodiscard]] torch::Tensor read_photograph(const std::filesystem::path& file);

/// Cropped to the centred square and resized, uint8 [3,side,side].
[[nodiscard]] torch::Tensor resized_photograph(const torch::Tensor& photograph, std::int64_t side);

/// A label image [C,side,side]. Refused, with file and reason: another bit depth than the format's
/// (toolbox/stored_labels.hpp), another shape than the photograph's (a scale of it is fine), a class id beyond
/// the declared ones, normals most of which face away from the camera.
[[nodiscard]] torch::Tensor read_label(const std::string& modality, const std::filesystem::path& file,
                                       const ImageSize& photograph, const LabelOptions& options);

/// Soft labels float32 [C] of an npy file with any shape of C numbers, scaled to sum 1; with `kept`, those
/// classes alone, in this order. Refused: fewer than two numbers, negative ones, NaN, a kept class beyond the
/// last.
[[nodiscard]] torch::Tensor read_soft_labels(const std::filesystem::path& file,
                                             const std::vector<std::int64_t>& kept);

}  // namespace taskonomy_dataset
