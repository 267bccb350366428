#include <taskonomy/sdk/toolbox/surface.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

#include <taskonomy/sdk/toolbox/geometry.hpp>

namespace taskonomy::sdk {

namespace {

void require_planes(const char* what, const torch::Tensor& tensor, std::int64_t channels) {
  if (tensor.defined() && tensor.dim() == 4 && tensor.size(1) == channels) return;
  throw std::invalid_argument(std::string(what) + ": expected [V," + std::to_string(channels) + ",H,W]");
}

torch::Tensor has_reading(const torch::Tensor& depth) {
  return torch::isfinite(depth).logical_and(depth > 0.0);
}

using Vector = std::array<double, 3>;

double dot(const Vector& a, const Vector& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }
Vector minus(const Vector& a, const Vector& b) { return {a[0] - b[0], a[1] - b[1], a[2] - b[2]}; }

/// Two unit vectors that make an orthonormal system with the unit vector n.
std::array<Vector, 2> tangents_of(const Vector& n) {
  const bool along_x = std::abs(n[0]) > 0.9;
  Vector first = along_x ? Vector{-n[1] * n[0], 1.0 - n[1] * n[1], -n[1] * n[2]}
                         : Vector{1.0 - n[0] * n[0], -n[0] * n[1], -n[0] * n[2]};
  const double length = std::sqrt(dot(first, first));
  for (double& x : first) x /= length;
  return {first,
          {n[1] * first[2] - n[2] * first[1], n[2] * first[0] - n[0] * first[2],
           n[0] * first[1] - n[1] * first[0]}};
}

/// One view's points and normals, pixel by pixel.
struct View {
  const float* points;
  const float* normals;
  std::int64_t height, width;

  [[nodiscard]] static Vector vector(const float* planes, std::int64_t at, std::int64_t plane) {
    return {planes[at], planes[plane + at], planes[2 * plane + at]};
  }
  [[nodiscard]] Vector point(std::int64_t at) const { return vector(points, at, height * width); }
  [[nodiscard]] Vector normal(std::int64_t at) const { return vector(normals, at, height * width); }
  [[nodiscard]] bool known(std::int64_t at) const {
    const Vector n = normal(at);
    return points[2 * height * width + at] > 0.0F && dot(n, n) > 0.5;
  }
};

/// Normal equations of dn = S dp for S = [a b; b c]: sums over the neighbours' steps (x,y) and changes (s,t).
struct ShapeFit {
  double xx = 0, xy = 0, yy = 0, xs = 0, ys_xt = 0, yt = 0;
  int count = 0;

  void add(double x, double y, double s, double t) {
    xx += x * x, xy += x * y, yy += y * y;
    xs += x * s, ys_xt += y * s + x * t, yt += y * t;
    ++count;
  }
  /// Eigenvalues of S, larger magnitude first; false where the steps lie on one line.
  [[nodiscard]] bool solve(float& first, float& second) const {
    // [xx xy 0; xy xx+yy xy; 0 xy yy] (a b c)^T = (xs, ys_xt, yt)^T, whose determinant is trace * area.
    const double trace = xx + yy, area = xx * yy - xy * xy;
    if (count < 3 || !(area > 1e-3 * trace * trace)) return false;
    const double b = (ys_xt - xy * (xs / xx + yt / yy)) / (trace - xy * xy * (1.0 / xx + 1.0 / yy));
    const double a = (xs - xy * b) / xx, c = (yt - xy * b) / yy;
    const double mean = 0.5 * (a + c), root = std::hypot(0.5 * (a - c), b);
    first = static_cast<float>(mean >= 0.0 ? mean + root : mean - root);
    second = static_cast<float>(mean >= 0.0 ? mean - root : mean + root);
    return true;
  }
};

ShapeFit shape_at(const View& view, std::int64_t row, std::int64_t column, const CurvatureOptions& options) {
  ShapeFit fit;
  const std::int64_t here = row * view.width + column;
  const Vector p = view.point(here), n = view.normal(here);
  const auto tangents = tangents_of(n);
  const double same = std::cos(options.crease);
  const std::int64_t top = std::max<std::int64_t>(0, row - options.radius);
  const std::int64_t bottom = std::min(view.height - 1, row + options.radius);
  const std::int64_t left = std::max<std::int64_t>(0, column - options.radius);
  const std::int64_t right = std::min(view.width - 1, column + options.radius);
  for (std::int64_t r = top; r <= bottom; ++r) {
    for (std::int64_t c = left; c <= right; ++c) {
      const std::int64_t there = r * view.width + c;
      if (there == here || !view.known(there)) continue;
      const Vector step = minus(view.point(there), p), other = view.normal(there);
      const double steepest = options.step * std::sqrt(dot(step, step));
      if (dot(n, other) < same || std::abs(dot(n, step)) > steepest || std::abs(dot(other, step)) > steepest)
        continue;
      const Vector change = minus(other, n);
      fit.add(dot(tangents[0], step), dot(tangents[1], step), dot(tangents[0], change),
              dot(tangents[1], change));
    }
  }
  return fit;
}

/// The smallest of the steps where all have one sign, otherwise 0. Steps that are NaN do not count.
torch::Tensor gentlest(const torch::Tensor& steps) {
  const torch::Tensor missing = steps.isnan();
  const torch::Tensor least = torch::where(missing, torch::full({}, INFINITY), steps).amin(0).clamp_min(0.0);
  const torch::Tensor most = torch::where(missing, torch::full({}, -INFINITY), steps).amax(0).clamp_max(0.0);
  return torch::where(missing[0], torch::zeros({}), least + most);
}

/// Jumps from each pixel to the next one along the last dimension of inverse depth [V,1,H,W], NaN = none.
torch::Tensor jumps_along_rows(const torch::Tensor& inverse) {
  const std::int64_t width = inverse.size(3);
  const torch::Tensor wide = torch::constant_pad_nd(inverse, {1, 2}, NAN);
  const torch::Tensor before = wide.slice(3, 0, width), here = inverse;
  const torch::Tensor next = wide.slice(3, 2, width + 2), after = wide.slice(3, 3, width + 3);
  const torch::Tensor step = here - next;
  const torch::Tensor jump = gentlest(torch::stack({step, step + (here - before), step + (after - next)}));
  const torch::Tensor nearer = torch::maximum(here, next);
  return torch::where(step.isnan(), torch::zeros({}), jump / nearer).clamp(-1.0, 1.0);
}

}  // namespace

torch::Tensor points_from_depth(const torch::Tensor& depth, const torch::Tensor& intrinsics) {
  require_planes("depth", depth, 1);
  const torch::Tensor directions = view_directions(intrinsics, depth.size(2), depth.size(3));
  if (directions.size(0) != depth.size(0))
    throw std::invalid_argument("points_from_depth: depth and intrinsics differ in the number of views");
  const torch::Tensor points = directions / directions.slice(1, 2, 3) * depth.to(torch::kFloat32);
  return torch::where(has_reading(depth), points, torch::zeros({}));
}

torch::Tensor principal_curvatures(const torch::Tensor& points, const torch::Tensor& normals,
                                   const CurvatureOptions& options) {
  require_planes("points", points, 3);
  require_planes("normals", normals, 3);
  if (points.sizes() != normals.sizes())
    throw std::invalid_argument("principal_curvatures: points and normals differ in size");
  const torch::Tensor at = points.detach().to(torch::kFloat32).contiguous();
  const torch::Tensor facing = normals.detach().to(torch::kFloat32).contiguous();
  const std::int64_t views = at.size(0), height = at.size(2), width = at.size(3), plane = height * width;
  torch::Tensor result = torch::full({views, 2, height, width}, std::numeric_limits<float>::quiet_NaN());
  for (std::int64_t v = 0; v < views; ++v) {
    const View view{at.data_ptr<float>() + 3 * plane * v, facing.data_ptr<float>() + 3 * plane * v, height,
                    width};
    float* first = result.data_ptr<float>() + 2 * plane * v;
    for (std::int64_t pixel = 0; pixel < plane; ++pixel) {
      if (!view.known(pixel)) continue;
      const ShapeFit fit = shape_at(view, pixel / width, pixel % width, options);
      static_cast<void>(fit.solve(first[pixel], first[plane + pixel]));  // where it fails, NaN stays
    }
  }
  return result;
}

DepthJumps depth_jumps(const torch::Tensor& depth) {
  require_planes("depth", depth, 1);
  const torch::Tensor inverse =
      torch::where(has_reading(depth), 1.0 / depth.to(torch::kFloat32), torch::full({}, NAN));
  return {jumps_along_rows(inverse), jumps_along_rows(inverse.transpose(2, 3)).transpose(2, 3).contiguous()};
}

}  // namespace taskonomy::sdk
