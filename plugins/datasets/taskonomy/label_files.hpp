// One file of a view becomes the modality of a sample: it is read, checked against the view's photograph,
// cropped and resized. Every function throws std::runtime_error naming the file and the reason.
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

/// What the recipe says of label files.
struct LabelOptions {
  std::int64_t side = 64;        ///< of samples, pixels
  std::int64_t classes = 18;     ///< ids in segment_semantic, 0 included
  double depth_units = 512;      ///< of stored depth in a metre
  bool normals_up_back = false;  ///< normals are stored along x right, y up, z backwards
};

/// Reads a photograph as it is stored, uint8 [3,H,W].
[[nodiscard]] torch::Tensor read_photograph(const std::filesystem::path& file);

/// Crops a photograph to the centred square and resizes it, uint8 [3,side,side].
[[nodiscard]] torch::Tensor resized_photograph(const torch::Tensor& photograph, std::int64_t side);

/// Reads a label image, [C,side,side]. Refuses another bit depth than the format's
/// (toolbox/stored_labels.hpp), another aspect ratio than the photograph's (the resolution may differ), a
/// class id beyond the declared ones, and normals most of which face away from the camera.
[[nodiscard]] torch::Tensor read_label(const std::string& modality, const std::filesystem::path& file,
                                       const ImageSize& photograph, const LabelOptions& options);

/// Reads soft labels, float32 [C], from an npy file of any shape with C numbers, and scales them to sum 1.
/// With `kept`, only those classes, in this order. Refuses fewer than two numbers, negative or non-finite
/// ones, and a kept class beyond the last.
[[nodiscard]] torch::Tensor read_soft_labels(const std::filesystem::path& file,
                                             const std::vector<std::int64_t>& kept);

}  // namespace taskonomy_dataset
