// Texture edges (2D edges): how sharply the brightness changes, whatever the cause.
//
//   label       Canny's edge strength before non-maximum suppression: brightness (0.299 R + 0.587 G + 0.114
//   B, 0..1),
//               Gaussian smoothing, magnitude of the gradient by central differences [1/pixel], clipped to
//               [0, clip] and scaled to [-1,1]                                               float32 [1,H,W]
//   input       the plain image
//   prediction  [1,H,W] in [-1,1] (tanh)
//   loss        mean |prediction - label| over pixels
//   mask        none
//   parameters  sigma (0.7; 0..16): of the smoothing, pixels of the run's image side; 0 = none
//               clip (0.2; above 0): gradient that counts as a full edge, brightness per pixel. On
//               photographs of rooms at 64 px about 2 % of the pixels lie above it and the median is at an
//               eighth of it.
//   source      Zamir et al., Taskonomy, CVPR 2018, "2D edges" (Canny without non-maximum suppression,
//   clipped at 0.08)
#include <cmath>

#include <taskonomy/sdk/modality.hpp>
#include <taskonomy/sdk/pixel_task.hpp>
#include <taskonomy/sdk/plugin.hpp>

namespace {

using namespace taskonomy;

/// Gaussian weights [2r+1] with sum 1, r = 3 sigma rounded up.
torch::Tensor gaussian(double sigma) {
  const auto radius = static_cast<std::int64_t>(std::ceil(3.0 * sigma));
  if (radius == 0) return torch::ones({1});
  const torch::Tensor at = torch::arange(-radius, radius + 1, torch::kFloat32);
  const torch::Tensor weights = torch::exp(-at.square() / (2.0 * sigma * sigma));
  return weights / weights.sum();
}

/// image [1,1,H,W] convolved with weights [n] along rows and columns; the border pixel repeats beyond the
/// border.
torch::Tensor smooth(const torch::Tensor& image, const torch::Tensor& weights) {
  const std::int64_t radius = weights.size(0) / 2;
  const torch::Tensor padded = torch::replication_pad2d(image, {radius, radius, radius, radius});
  return torch::conv2d(torch::conv2d(padded, weights.reshape({1, 1, 1, -1})), weights.reshape({1, 1, -1, 1}));
}

/// Magnitude of the central-difference gradient of image [1,1,H,W], per pixel -> the same shape.
torch::Tensor gradient_magnitude(const torch::Tensor& image) {
  const torch::Tensor padded = torch::replication_pad2d(image, {1, 1, 1, 1});
  const std::int64_t height = image.size(2), width = image.size(3);
  const torch::Tensor rows = padded.slice(2, 1, height + 1), columns = padded.slice(3, 1, width + 1);
  const torch::Tensor across = (rows.slice(3, 2) - rows.slice(3, 0, width)) / 2.0;
  const torch::Tensor down = (columns.slice(2, 2) - columns.slice(2, 0, height)) / 2.0;
  return (across.square() + down.square()).sqrt();
}

class EdgeTexture final : public sdk::PixelTask {
 public:
  explicit EdgeTexture(const sdk::TaskContext& context)
      : PixelTask(sdk::pixel_task_info("edge_texture", "2D edges", "2D", 1, -1.0, 1.0)),
        weights_(gaussian(context.params.real("sigma", 0.7, 0.0, 16.0))),
        clip_(context.params.real("clip", 0.2, 1e-6, 1e6)) {}

  [[nodiscard]] sdk::Example make_example(const sdk::Sample& sample, torch::Generator&) const override {
    const torch::Tensor rgb = sdk::require_view(sample, "rgb", 3) / 255.0;
    const torch::Tensor brightness = 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2];
    const torch::Tensor strength = gradient_magnitude(smooth(brightness.unsqueeze(0).unsqueeze(0), weights_));
    sdk::Example example;
    example.target = (strength[0] / clip_).clamp(0.0, 1.0) * 2.0 - 1.0;
    return example;
  }

 private:
  torch::Tensor weights_;
  double clip_;
};

}  // namespace

TASKONOMY_EXPORT_TASK(EdgeTexture, "edge_texture", "Strength of brightness edges")
