#include <taskonomy/sdk/toolbox/filters.hpp>

#include <cmath>
#include <stdexcept>

namespace taskonomy::sdk {

namespace {

void require_image(const char* what, const torch::Tensor& image) {
  if (image.defined() && image.dim() == 4 && image.numel() > 0) return;
  throw std::invalid_argument(std::string(what) + ": expected an image [N,C,H,W]");
}

/// Gaussian weights [2r+1] with sum 1, r = 3 sigma rounded up; {1} for sigma 0.
torch::Tensor gaussian_weights(double sigma) {
  const auto radius = static_cast<std::int64_t>(std::ceil(3.0 * sigma));
  if (radius == 0) return torch::ones({1});
  const torch::Tensor at = torch::arange(-radius, radius + 1, torch::kFloat32);
  const torch::Tensor weights = torch::exp(-at.square() / (2.0 * sigma * sigma));
  return weights / weights.sum();
}

/// The image [N,C,H,W] with `reach` repeated border pixels on every side.
torch::Tensor padded(const torch::Tensor& image, std::int64_t reach) {
  return torch::replication_pad2d(image, {reach, reach, reach, reach});
}

/// The image moved by (down, right) pixels under its frame, from the image with one more pixel on every side.
torch::Tensor neighbour(const torch::Tensor& padded_by_1, std::int64_t down, std::int64_t right) {
  const std::int64_t height = padded_by_1.size(2) - 2, width = padded_by_1.size(3) - 2;
  return padded_by_1.slice(2, 1 + down, 1 + down + height).slice(3, 1 + right, 1 + right + width);
}

}  // namespace

torch::Tensor brightness_of(const torch::Tensor& rgb) {
  return 0.299 * rgb.narrow(-3, 0, 1) + 0.587 * rgb.narrow(-3, 1, 1) + 0.114 * rgb.narrow(-3, 2, 1);
}

torch::Tensor gaussian_blur(const torch::Tensor& image, double sigma) {
  require_image("gaussian_blur", image);
  const torch::Tensor weights = gaussian_weights(sigma);
  if (weights.size(0) == 1) return image;
  // Channels become images of one channel, which one pair of kernels serves.
  const torch::Tensor planes = image.reshape({-1, 1, image.size(2), image.size(3)});
  const torch::Tensor wide = padded(planes, weights.size(0) / 2);
  const torch::Tensor rows = torch::conv2d(wide, weights.reshape({1, 1, 1, -1}));
  return torch::conv2d(rows, weights.reshape({1, 1, -1, 1})).reshape(image.sizes());
}

torch::Tensor gaussian_blur_known(const torch::Tensor& image, const torch::Tensor& known, double sigma) {
  const torch::Tensor weight = gaussian_blur(known.to(torch::kFloat32), sigma);
  const torch::Tensor sum = gaussian_blur(torch::where(known, image, torch::zeros({})), sigma);
  return torch::where(weight > 0.0, sum / weight, torch::zeros({}));
}

torch::Tensor gradient_magnitude(const torch::Tensor& image) {
  require_image("gradient_magnitude", image);
  const torch::Tensor wide = padded(image, 1);
  const torch::Tensor across = (neighbour(wide, 0, 1) - neighbour(wide, 0, -1)) / 2.0;
  const torch::Tensor down = (neighbour(wide, 1, 0) - neighbour(wide, -1, 0)) / 2.0;
  return (across.square() + down.square()).sqrt();
}

torch::Tensor hessian_response(const torch::Tensor& image, const std::vector<double>& sigmas) {
  require_image("hessian_response", image);
  torch::Tensor response = torch::zeros_like(image);
  for (const double sigma : sigmas) {
    const torch::Tensor smooth = gaussian_blur(image, sigma), wide = padded(smooth, 1);
    const torch::Tensor xx = neighbour(wide, 0, 1) - 2.0 * smooth + neighbour(wide, 0, -1);
    const torch::Tensor yy = neighbour(wide, 1, 0) - 2.0 * smooth + neighbour(wide, -1, 0);
    const torch::Tensor xy =
        (neighbour(wide, 1, 1) - neighbour(wide, 1, -1) - neighbour(wide, -1, 1) + neighbour(wide, -1, -1)) /
        4.0;
    response = torch::maximum(response, std::pow(sigma, 4.0) * (xx * yy - xy.square()));
  }
  return response;
}

}  // namespace taskonomy::sdk
