#include "label_files.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <taskonomy/sdk/image.hpp>
#include <taskonomy/sdk/toolbox/geometry.hpp>
#include <taskonomy/sdk/toolbox/npy.hpp>
#include <taskonomy/sdk/toolbox/resample.hpp>
#include <taskonomy/sdk/toolbox/stored_labels.hpp>

#include "json_file.hpp"

namespace taskonomy_dataset {

namespace {

using namespace taskonomy;
namespace fs = std::filesystem;

bool is_depth(const std::string& modality) {
  return modality == "depth_zbuffer" || modality == "depth_euclidean";
}

torch::Tensor decoded(const std::string& modality, const fs::path& file, double depth_units = 512) {
  const torch::Tensor image = sdk::read_image(file);
  try {
    if (is_depth(modality)) return sdk::metres_from_image(image, depth_units);
    return sdk::label_from_image(modality, image);
  } catch (const std::invalid_argument& error) {
    fail(file.string(), error.what());
  }
}

std::string text_of(std::int64_t width, std::int64_t height) {
  return std::to_string(width) + " x " + std::to_string(height);
}

/// A label may have another resolution than the photograph but not another aspect ratio: their crops would
/// not meet.
void check_shape(const fs::path& file, const torch::Tensor& label, const ImageSize& photograph) {
  const double scale = static_cast<double>(label.size(2)) / static_cast<double>(photograph.width);
  const double height = scale * static_cast<double>(photograph.height);
  if (std::abs(height - static_cast<double>(label.size(1))) <= std::max(1.0, 0.01 * height)) return;
  fail(file.string(), "is " + text_of(label.size(2), label.size(1)) + " pixels, the view's rgb image " +
                          text_of(photograph.width, photograph.height));
}

void check_classes(const fs::path& file, const torch::Tensor& ids, std::int64_t classes) {
  const auto greatest = ids.max().item<std::int64_t>();
  if (greatest >= classes)
    fail(file.string(), "class " + std::to_string(greatest) + " lies beyond the " + std::to_string(classes) +
                            " declared (0 included): set classes or class_names in [data]");
}

/// Directions through the pixels of a camera that sees 67 degrees across: near enough to any camera to tell front
/// from back.
torch::Tensor usual_directions(std::int64_t height, std::int64_t width) {
  const auto h = static_cast<float>(height), w = static_cast<float>(width);
  const torch::Tensor camera =
      torch::tensor({0.75F * w, 0.0F, 0.5F * w, 0.0F, 0.75F * w, 0.5F * h, 0.0F, 0.0F, 1.0F})
          .reshape({1, 3, 3});
  return sdk::view_directions(camera, height, width)[0];
}

/// Turns normals to x right, y down, z forward, and checks that a camera could have seen them: visible surfaces
/// face it, so that their normals point against the view direction.
torch::Tensor oriented(const fs::path& file, const torch::Tensor& normals, bool up_back) {
  torch::Tensor turned = normals;
  if (up_back) turned = normals * torch::tensor({1.0F, -1.0F, -1.0F}).reshape({3, 1, 1});
  const torch::Tensor known = turned.ne(0).any(0);
  const torch::Tensor towards = (turned * usual_directions(turned.size(1), turned.size(2))).sum(0);
  const auto away = towards.gt(0).logical_and(known).sum().item<std::int64_t>();
  if (2 * away > known.sum().item<std::int64_t>())
    fail(file.string(), std::string("most normals face away from the camera; in [data] try normal_axes = ") +
                            (up_back ? "\"right_down_forward\"" : "\"right_up_back\""));
  return turned;
}

}  // namespace

torch::Tensor read_photograph(const fs::path& file) { return decoded("rgb", file); }

torch::Tensor resized_photograph(const torch::Tensor& photograph, std::int64_t side) {
  return sdk::resize_area(photograph, sdk::centre_square(photograph.size(1), photograph.size(2)), side);
}

torch::Tensor read_label(const std::string& modality, const fs::path& file, const ImageSize& photograph,
                         const LabelOptions& options) {
  torch::Tensor label = decoded(modality, file, options.depth_units);
  check_shape(file, label, photograph);
  if (modality == "segment_semantic") check_classes(file, label, options.classes);
  if (modality == "normal") label = oriented(file, label, options.normals_up_back);
  const sdk::Square square = sdk::centre_square(label.size(1), label.size(2));
  if (is_depth(modality)) return sdk::resize_depth(label, square, options.side);
  // A mean would blur what differs on the two sides of an edge, so ids, normals and curvatures are not
  // averaged.
  const bool named = modality.rfind("segment_", 0) == 0;
  if (named || modality == "normal" || modality == "principal_curvature")
    return sdk::resize_nearest(label, square, options.side);
  return sdk::resize_mean(label, square, options.side);
}

torch::Tensor read_soft_labels(const fs::path& file, const std::vector<std::int64_t>& kept) {
  const torch::Tensor values = sdk::read_npy(file).to(torch::kFloat64).flatten();
  if (values.numel() < 2)
    fail(file.string(), "expected an array of class probabilities, got fewer than two numbers");
  if (!values.isfinite().all().item<bool>() || values.lt(0).any().item<bool>())
    fail(file.string(), "class probabilities that are negative or not finite");
  torch::Tensor shares = values;
  if (!kept.empty()) {
    for (const std::int64_t id : kept)
      if (id < 0 || id >= values.numel())
        fail(file.string(), "holds " + std::to_string(values.numel()) + " classes, the recipe keeps number " +
                                std::to_string(id));
    shares = values.index_select(0, torch::tensor(kept));
  }
  const double sum = shares.sum().item<double>();
  return (sum > 0 ? shares / sum : shares).to(torch::kFloat32);
}

}  // namespace taskonomy_dataset
