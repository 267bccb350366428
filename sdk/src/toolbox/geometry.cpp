#include <taskonomy/sdk/toolbox/geometry.hpp>

#include <cmath>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <vector>

#include <taskonomy/sdk/modality.hpp>

namespace taskonomy::sdk {

namespace {

void require_shape(const char* what, const torch::Tensor& tensor, std::int64_t channels, int dimensions) {
  if (tensor.defined() && tensor.dim() == dimensions && tensor.size(1) == channels) return;
  std::ostringstream message;
  message << what << ": expected "
          << (dimensions == 4 ? "[V," + std::to_string(channels) + ",H,W]" : "[V,3,3]") << ", got ";
  if (tensor.defined())
    message << tensor.sizes();
  else
    message << "nothing";
  throw std::invalid_argument(message.str());
}

void require_intrinsics(const torch::Tensor& intrinsics, std::int64_t views) {
  require_shape("intrinsics", intrinsics, 3, 3);
  if (intrinsics.size(2) != 3 || intrinsics.size(0) != views) {
    std::ostringstream message;
    message << "intrinsics: expected [" << views << ",3,3], got " << intrinsics.sizes();
    throw std::invalid_argument(message.str());
  }
}

/// Inverse depth of one view, 0 where there is no reading.
struct InverseDepth {
  std::int64_t height, width;
  std::vector<double> w;

  InverseDepth(const float* depth, std::int64_t h, std::int64_t width_) : height(h), width(width_) {
    w.resize(static_cast<std::size_t>(h * width_));
    for (std::size_t i = 0; i < w.size(); ++i)
      w[i] = std::isfinite(depth[i]) && depth[i] > 0.0F ? 1.0 / depth[i] : 0.0;
  }
  /// 0 outside the image.
  [[nodiscard]] double at(std::int64_t r, std::int64_t c) const {
    return r < 0 || c < 0 || r >= height || c >= width ? 0.0 : w[static_cast<std::size_t>(r * width + c)];
  }
};

/// Difference of inverse depth per pixel along one axis, from the readings before, at and after the pixel (0
/// = none): central where the three are affine up to `jump`, otherwise that of the gentler side unless it is
/// a jump itself.
std::optional<double> robust_slope(double before, double here, double after, double jump) {
  // So many jumps may a one-sided step be: floors at a grazing angle are steep, yet no edges.
  constexpr double kSteepest = 2.0;
  const double back = before > 0.0 ? here - before : INFINITY;
  const double forth = after > 0.0 ? after - here : INFINITY;
  if (std::isfinite(back) && std::isfinite(forth) && std::abs(forth - back) <= jump * here)
    return 0.5 * (back + forth);
  const double gentler = std::abs(back) < std::abs(forth) ? back : forth;
  if (std::abs(gentler) <= kSteepest * jump * here) return gentler;
  return std::nullopt;
}

/// w = a dx + b dy + c around a pixel.
struct Plane {
  double a, b, c;
};

/// Least squares over the pixels of the window that lie within `tolerance` of the first guess; the guess
/// itself where there are too few.
Plane refit(const InverseDepth& inverse, std::int64_t r, std::int64_t c, const Plane& guess,
            std::int64_t radius, double tolerance) {
  double n = 0, x = 0, y = 0, xx = 0, xy = 0, yy = 0, w = 0, xw = 0, yw = 0;
  for (std::int64_t dy = -radius; dy <= radius; ++dy) {
    for (std::int64_t dx = -radius; dx <= radius; ++dx) {
      const double value = inverse.at(r + dy, c + dx);
      const double fx = static_cast<double>(dx), fy = static_cast<double>(dy);
      if (value <= 0.0 || std::abs(value - (guess.a * fx + guess.b * fy + guess.c)) > tolerance) continue;
      n += 1, x += fx, y += fy, xx += fx * fx, xy += fx * fy, yy += fy * fy;
      w += value, xw += fx * value, yw += fy * value;
    }
  }
  if (n < 4) return guess;
  // Centred normal equations, 2x2.
  const double sxx = xx - x * x / n, sxy = xy - x * y / n, syy = yy - y * y / n;
  const double sxw = xw - x * w / n, syw = yw - y * w / n;
  const double determinant = sxx * syy - sxy * sxy;
  if (determinant < 0.25) return guess;  // nearly on one line: at least a bent triple of pixels is needed
  const double a = (sxw * syy - syw * sxy) / determinant;
  const double b = (syw * sxx - sxw * sxy) / determinant;
  return {a, b, (w - a * x - b * y) / n};
}

/// Writes the normal of one pixel, if there is one, to out[0], out[plane], out[2 plane].
bool pixel_normal(const InverseDepth& inverse, std::int64_t r, std::int64_t c, const float* k,
                  const NormalOptions& options, float* out, std::int64_t plane) {
  const double here = inverse.at(r, c);
  if (here <= 0.0) return false;
  const auto across = robust_slope(inverse.at(r, c - 1), here, inverse.at(r, c + 1), options.jump);
  const auto down = robust_slope(inverse.at(r - 1, c), here, inverse.at(r + 1, c), options.jump);
  if (!across || !down) return false;
  const Plane fit = refit(inverse, r, c, {*across, *down, here}, options.radius, options.jump * here);
  // w = A u + B v + C with u = column + 0.5, v = row + 0.5; n is proportional to -K^T (A,B,C).
  const double u = static_cast<double>(c) + 0.5, v = static_cast<double>(r) + 0.5;
  const double offset = fit.c - fit.a * u - fit.b * v;
  const double nx = -(k[0] * fit.a), ny = -(k[1] * fit.a + k[4] * fit.b);
  const double nz = -(k[2] * fit.a + k[5] * fit.b + offset);
  const double length = std::sqrt(nx * nx + ny * ny + nz * nz);
  if (!std::isfinite(length) || length <= 0.0) return false;
  out[0] = static_cast<float>(nx / length);
  out[plane] = static_cast<float>(ny / length);
  out[2 * plane] = static_cast<float>(nz / length);
  return true;
}

}  // namespace

Normals normals_from_depth(const torch::Tensor& depth, const torch::Tensor& intrinsics,
                           const NormalOptions& options) {
  require_shape("depth", depth, 1, 4);
  require_intrinsics(intrinsics, depth.size(0));
  const torch::Tensor metres = depth.detach().to(torch::kFloat32).contiguous();
  const torch::Tensor cameras = intrinsics.detach().to(torch::kFloat32).contiguous();
  const std::int64_t views = depth.size(0), height = depth.size(2), width = depth.size(3),
                     plane = height * width;
  Normals result{torch::zeros({views, 3, height, width}),
                 torch::zeros({views, 1, height, width}, torch::kBool)};
  auto* normal = result.normal.data_ptr<float>();
  auto* valid = result.valid.data_ptr<bool>();
  for (std::int64_t view = 0; view < views; ++view) {
    const InverseDepth inverse(metres.data_ptr<float>() + view * plane, height, width);
    const float* camera = cameras.data_ptr<float>() + view * 9;
    for (std::int64_t r = 0; r < height; ++r) {
      for (std::int64_t c = 0; c < width; ++c) {
        const std::int64_t at = r * width + c;
        valid[view * plane + at] =
            pixel_normal(inverse, r, c, camera, options, normal + view * 3 * plane + at, plane);
      }
    }
  }
  return result;
}

torch::Tensor surface_normals(const Sample& sample, const NormalOptions& options) {
  if (!has(sample, "normal")) {
    const torch::Tensor depth = require_pixels(sample, "depth_zbuffer", 1);
    return normals_from_depth(depth, require(sample, "intrinsics"), options).normal;
  }
  const torch::Tensor normal = require_pixels(sample, "normal", 3);
  const torch::Tensor length = normal.norm(2, 1, true);
  const torch::Tensor known = torch::isfinite(length).logical_and(length > 1e-6);
  return torch::where(known, normal / length, torch::zeros({}));
}

torch::Tensor view_directions(const torch::Tensor& intrinsics, std::int64_t height, std::int64_t width) {
  require_shape("intrinsics", intrinsics, 3, 3);
  const std::int64_t views = intrinsics.size(0);
  const torch::Tensor camera = intrinsics.detach().to(torch::kFloat32);
  const auto entry = [&](int row, int column) {
    return camera.select(1, row).select(1, column).reshape({views, 1, 1});
  };
  const torch::Tensor u = (torch::arange(width, torch::kFloat32) + 0.5).reshape({1, 1, width});
  const torch::Tensor v = (torch::arange(height, torch::kFloat32) + 0.5).reshape({1, height, 1});
  const torch::Tensor y = (v - entry(1, 2)) / entry(1, 1);
  const torch::Tensor x = (u - entry(0, 2) - entry(0, 1) * y) / entry(0, 0);
  const std::vector<std::int64_t> shape{views, height, width};
  const torch::Tensor rays = torch::stack({x.expand(shape), y.expand(shape), torch::ones(shape)}, 1);
  return rays / rays.norm(2, 1, true);
}

torch::Tensor lambert_at_camera(const torch::Tensor& normal, const torch::Tensor& intrinsics) {
  require_shape("normal", normal, 3, 4);
  require_intrinsics(intrinsics, normal.size(0));
  const torch::Tensor directions = view_directions(intrinsics, normal.size(2), normal.size(3));
  return -(normal.to(torch::kFloat32) * directions).sum(1, true).clamp(-1.0, 0.0);
}

}  // namespace taskonomy::sdk
