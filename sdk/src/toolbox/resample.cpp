#include <taskonomy/sdk/toolbox/resample.hpp>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <vector>

namespace taskonomy::sdk {

namespace {

void require_inside(const torch::Tensor& image, const Square& square, std::int64_t side) {
  if (image.dim() == 3 && square.size > 0 && side > 0 && square.top >= 0 && square.left >= 0 &&
      square.top + square.size <= image.size(1) && square.left + square.size <= image.size(2)) {
    return;
  }
  throw std::invalid_argument("resize: expected an image [C,H,W], a square inside it and a side above 0");
}

torch::Tensor cropped(const torch::Tensor& image, const Square& square) {
  return image.slice(1, square.top, square.top + square.size)
      .slice(2, square.left, square.left + square.size);
}

/// Source pixels [first, last) under new pixel i of `side`, when `size` pixels become `side`; at least one.
struct Span {
  std::int64_t first, last;
};
Span span_of(std::int64_t i, std::int64_t size, std::int64_t side) {
  // Pixels whose centre lies inside: j + 0.5 in [i, i + 1) * size / side. Integers only: no rounding to
  // depend on.
  const auto ceil_divided = [](std::int64_t a, std::int64_t b) { return (a + b - 1) / b; };
  const std::int64_t first = ceil_divided(std::max<std::int64_t>(0, 2 * i * size - side), 2 * side);
  const std::int64_t last = ceil_divided(std::max<std::int64_t>(0, 2 * (i + 1) * size - side), 2 * side);
  if (last > first) return {first, last};
  const std::int64_t nearest = (2 * i + 1) * size / (2 * side);
  return {nearest, nearest + 1};
}

/// Shares of `size` source pixels in `side` new ones [side,size]; each row sums to 1.
torch::Tensor area_weights(std::int64_t size, std::int64_t side) {
  torch::Tensor weights = torch::zeros({side, size});
  auto access = weights.accessor<float, 2>();
  const double step = static_cast<double>(size) / static_cast<double>(side);
  for (std::int64_t i = 0; i < side; ++i) {
    const double low = static_cast<double>(i) * step, high = low + step;
    for (auto j = static_cast<std::int64_t>(low); j < size && static_cast<double>(j) < high; ++j) {
      const double at = static_cast<double>(j);
      access[i][j] = static_cast<float>(std::max(0.0, std::min(high, at + 1.0) - std::max(low, at)) / step);
    }
  }
  return weights;
}

/// Mean of the readings within 5 % of their median; 0 when fewer than half of `pixels` have one. Reorders
/// readings.
float robust_mean(std::vector<float>& readings, std::size_t pixels) {
  constexpr float kSameSurface = 0.05F;
  if (readings.empty() || 2 * readings.size() < pixels) return 0.0F;
  std::sort(readings.begin(), readings.end());
  const float median = readings[(readings.size() - 1) / 2];
  double sum = 0.0;
  int count = 0;
  for (const float reading : readings) {
    if (std::abs(reading - median) <= kSameSurface * median) sum += reading, ++count;
  }
  return static_cast<float>(sum / count);
}

}  // namespace

Square centre_square(std::int64_t height, std::int64_t width) {
  const std::int64_t size = std::min(height, width);
  return {(height - size) / 2, (width - size) / 2, size};
}

Square square_around(double x, double y, std::int64_t size, std::int64_t height, std::int64_t width) {
  if (size < 1 || size > height || size > width)
    throw std::invalid_argument("square_around: the image is smaller than the square");
  const auto first = [&](double centre, std::int64_t extent) {
    const double at = std::round(centre - 0.5 * static_cast<double>(size));
    return static_cast<std::int64_t>(std::clamp(at, 0.0, static_cast<double>(extent - size)));
  };
  return {first(y, height), first(x, width), size};
}

torch::Tensor resize_area(const torch::Tensor& image, const Square& square, std::int64_t side) {
  require_inside(image, square, side);
  if (square.size == side) return cropped(image, square).contiguous();
  const torch::Tensor weights = area_weights(square.size, side);
  const torch::Tensor source = cropped(image, square).to(torch::kFloat32).contiguous();
  const torch::Tensor means = torch::matmul(weights, torch::matmul(source, weights.t()));
  return means.round().clamp(0.0, 255.0).to(torch::kUInt8);
}

torch::Tensor resize_nearest(const torch::Tensor& image, const Square& square, std::int64_t side) {
  require_inside(image, square, side);
  const torch::Tensor steps = torch::arange(side, torch::kInt64);
  const torch::Tensor at = ((2 * steps + 1) * square.size).div(2 * side, "floor");
  return cropped(image, square).index_select(1, at).index_select(2, at).contiguous();
}

torch::Tensor resize_depth(const torch::Tensor& depth, const Square& square, std::int64_t side) {
  require_inside(depth, square, side);
  const torch::Tensor source = cropped(depth, square).to(torch::kFloat32).contiguous();
  torch::Tensor result = torch::zeros({1, side, side});
  const auto from = source.accessor<float, 3>();
  auto to = result.accessor<float, 3>();
  std::vector<float> readings;
  for (std::int64_t r = 0; r < side; ++r) {
    const Span rows = span_of(r, square.size, side);
    for (std::int64_t c = 0; c < side; ++c) {
      const Span columns = span_of(c, square.size, side);
      readings.clear();
      for (std::int64_t y = rows.first; y < rows.last; ++y) {
        for (std::int64_t x = columns.first; x < columns.last; ++x) {
          if (std::isfinite(from[0][y][x]) && from[0][y][x] > 0.0F) readings.push_back(from[0][y][x]);
        }
      }
      to[0][r][c] = robust_mean(
          readings, static_cast<std::size_t>((rows.last - rows.first) * (columns.last - columns.first)));
    }
  }
  return result;
}

torch::Tensor resize_mean(const torch::Tensor& values, const Square& square, std::int64_t side) {
  require_inside(values, square, side);
  const torch::Tensor source = cropped(values, square).to(torch::kFloat32);
  const torch::Tensor known = source.isfinite();
  const auto mean = [&](const torch::Tensor& image) {
    return torch::adaptive_avg_pool2d(image.unsqueeze(0), {side, side}).squeeze(0);
  };
  const torch::Tensor share = mean(known.to(torch::kFloat32));
  const torch::Tensor sum = mean(torch::where(known, source, torch::zeros({})));
  return (sum / share.clamp_min(0.5)).masked_fill(share.lt(0.5), NAN);
}

torch::Tensor resize_intrinsics(const torch::Tensor& intrinsics, const Square& square, std::int64_t side) {
  if (intrinsics.dim() != 2 || intrinsics.size(0) != 3 || intrinsics.size(1) != 3 || square.size < 1) {
    throw std::invalid_argument("resize_intrinsics: expected [3,3] and a square");
  }
  torch::Tensor result = intrinsics.to(torch::kFloat64).clone();
  result[0][2] -= static_cast<double>(square.left);
  result[1][2] -= static_cast<double>(square.top);
  result.slice(0, 0, 2) *= static_cast<double>(side) / static_cast<double>(square.size);
  return result.to(torch::kFloat32);
}

}  // namespace taskonomy::sdk
