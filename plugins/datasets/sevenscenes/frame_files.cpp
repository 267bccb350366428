#include "frame_files.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <taskonomy/sdk/image.hpp>
#include <taskonomy/sdk/toolbox/stored_labels.hpp>

namespace sevenscenes {

namespace {

using namespace taskonomy;

/// Reads an image and says its file's name with what `convert` has to say about it.
template <typename Convert>
torch::Tensor converted(const std::filesystem::path& file, const Convert& convert) {
  const torch::Tensor image = sdk::read_image(file);
  try {
    return convert(image);
  } catch (const std::invalid_argument& error) {
    throw std::runtime_error(file.string() + ": " + error.what());
  }
}

}  // namespace

torch::Tensor read_colour(const Frame& frame) {
  return converted(frame.colour,
                   [](const torch::Tensor& image) { return sdk::label_from_image("rgb", image); });
}

torch::Tensor read_depth(const Frame& frame, double units_per_metre, std::int64_t colour_height,
                         std::int64_t colour_width) {
  return converted(frame.depth, [&](const torch::Tensor& image) {
    if (image.size(1) * colour_width != image.size(2) * colour_height)
      throw std::invalid_argument("is " + std::to_string(image.size(2)) + " x " +
                                  std::to_string(image.size(1)) + " pixels, the colour image " +
                                  std::to_string(colour_width) + " x " + std::to_string(colour_height));
    return sdk::metres_from_image(image, units_per_metre);
  });
}

View read_view(const Sequence& sequence, std::size_t frame) {
  constexpr std::int64_t kColumns = 80;
  const Frame& files = sequence.frames.at(frame);
  View view;
  view.frame = frame;
  view.pose = pose_of(files);
  view.camera = sequence.intrinsics;
  const torch::Tensor colour = read_colour(files);
  const std::int64_t height = colour.size(1), width = colour.size(2);
  const torch::Tensor depth = read_depth(files, sequence.depth_units, height, width);
  view.width = static_cast<double>(width), view.height = static_cast<double>(height);
  view.columns = std::min(kColumns, width);
  view.rows = std::max<std::int64_t>(1, view.columns * height / width);
  view.depth.reserve(static_cast<std::size_t>(view.columns * view.rows));
  const auto read = depth.accessor<float, 3>();
  const double per_column = static_cast<double>(depth.size(2)) / static_cast<double>(view.columns),
               per_row = static_cast<double>(depth.size(1)) / static_cast<double>(view.rows);
  for (std::int64_t row = 0; row < view.rows; ++row)
    for (std::int64_t column = 0; column < view.columns; ++column)
      view.depth.push_back(read[0][static_cast<std::int64_t>((static_cast<double>(row) + 0.5) * per_row)]
                               [static_cast<std::int64_t>((static_cast<double>(column) + 0.5) * per_column)]);
  return view;
}

}  // namespace sevenscenes
