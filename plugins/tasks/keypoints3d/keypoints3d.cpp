// 3D keypoints: places that can be found again in another depth image: a stable surface around which the
// shape changes in more than one direction.
//
//   label       float32 [1,H,W] in [-1,1]: the data set's own "keypoints3d", 0..1, clipped to [0,
//               stored_clip] and scaled; otherwise NARF's interest without suppression, 0..1, blurred by a
//               Gaussian, clipped to [0, clip] and scaled
//               The interest is made from depth, intrinsics and normals, the data set's own or those from
//               depth. Its formula stands below, at the functions that compute it.
//   input       the plain image
//   prediction  float32 [1,H,W] in [-1,1] (tanh)
//   loss        mean |prediction - label| over masked pixels
//   mask        one per pixel: depth has a reading and a normal; of a stored label, the value is finite
//   metrics     l1: mean |prediction - label| over masked pixels, on a scale of 0..1
//   parameters  support (0.5 m; above 0): diameter S of the neighbourhood that is looked at. About the size
//                 of what should count as one thing; the time grows with its square.
//               sigma (1/32; 0..0.25): of the blur, share of the image side, as in edge_occlusion
//               clip (0.55; above 0): blurred interest that fills the range. At 64 px 5 % of the pixels lie
//                 above it in rendered rooms and on photographs with sensor depth.
//               stored_clip (1; 0..1): the same of the stored label
//               radius (2; 1..8), jump (0.05; above 0): of normals from depth, as in the task normal
//   differs     The blur is ours: single pixels are finer than a representation of 8x8 cells can place. The
//               reference trains 0.996 of this loss + 0.004 of a conditional GAN's; its tournaments compare
//               this loss alone.
//   source      Zamir et al., "Taskonomy", CVPR 2018, task "3D keypoints": NARF without non-maximum
//               suppression; Steder, Rusu, Konolige, Burgard, "Point feature extraction on 3D range scans
//               taking into account object boundaries", ICRA 2011
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include <taskonomy/sdk/augment.hpp>
#include <taskonomy/sdk/modality.hpp>
#include <taskonomy/sdk/plugin.hpp>
#include <taskonomy/sdk/response_task.hpp>
#include <taskonomy/sdk/toolbox/filters.hpp>
#include <taskonomy/sdk/toolbox/geometry.hpp>
#include <taskonomy/sdk/toolbox/surface.hpp>

namespace {

using namespace taskonomy;

// The interest of NARF keypoints (Steder et al., section IV) at every pixel.
//
// Surface change. Every pixel i has a weight w in 0..1, how much the surface changes there, and the direction
// a (an axis of the image plane) in which it does. Both come from one of two places:
//   a foreground border, where a neighbour lies behind the pixel (a depth jump 1 - near / far above 0.08):
//     w = 1, and a goes across the border
//   otherwise the changes 1 - n.n_j of the normal to the eight neighbours j in directions e_j on one surface:
//     M = sum (1 - n.n_j) e_j e_j^T / 3, w = 1 - (1 - min(1, larger eigenvalue of M))^3, a its eigenvector
// Pixels behind a border count for nothing, because the border belongs to the foreground.
//
// Interest. With r_i = |p - p_i|, over the pixels i nearer than half the support size S:
//   I1 = min over i of 1 - w_i max(0, 1 - 10 r_i / S)            stable: no change within a tenth of S
//   I2 = max over i, j of f_i f_j (1 - |cos(a_i - a_j)|)          change in two directions around it
//   f_i = sqrt(w_i (1 - |4 r_i / S - 1|))                          counted most at a quarter of S
//   I  = I1 I2
// f falls to 0 at S/2, where the paper's 1 - |2 r / S - 1/2| ends at 1/2; so what changes has no
// rings around it.

constexpr double kBorder = 0.08;  // jump that makes a border, 1 - near / far
constexpr int kDirections = 18;   // axes of the image plane, 10 degrees apart

/// Planes of one view.
struct View {
  const float* points;   ///< [3,H,W]
  const float* normals;  ///< [3,H,W]
  const float* right;    ///< [H,W], depth jumps
  const float* down;
  std::int64_t height, width;
  float focal;  ///< pixels

  [[nodiscard]] std::int64_t area() const { return height * width; }
  [[nodiscard]] float depth(std::int64_t at) const { return points[2 * area() + at]; }
  [[nodiscard]] double dot_normals(std::int64_t a, std::int64_t b) const {
    double sum = 0.0;
    for (int axis = 0; axis < 3; ++axis) sum += normals[axis * area() + a] * normals[axis * area() + b];
    return sum;
  }
  [[nodiscard]] bool known(std::int64_t at) const { return depth(at) > 0.0F && dot_normals(at, at) > 0.5; }
  /// How far the neighbour at (row + dy, column + dx) lies behind the pixel; negative: before it. Diagonal
  /// neighbours are reached by the greater of the two ways round.
  [[nodiscard]] double behind(std::int64_t row, std::int64_t column, int dy, int dx) const {
    const auto across = [&](std::int64_t r) {
      return dx > 0 ? right[r * width + column] : dx < 0 ? -right[r * width + column - 1] : 0.0F;
    };
    const auto along = [&](std::int64_t c) {
      return dy > 0 ? down[row * width + c] : dy < 0 ? -down[(row - 1) * width + c] : 0.0F;
    };
    const double first = across(row) + along(column + dx), second = along(column) + across(row + dy);
    return std::abs(first) > std::abs(second) ? first : second;
  }
};

/// How much the surface changes at a pixel, along which of the axes, and where that is.
struct Change {
  float weight = 0.0F;
  int direction = 0;
  float x = 0.0F, y = 0.0F, z = 0.0F;
};

float squared_distance(const Change& a, const Change& b) {
  return (a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y) + (a.z - b.z) * (a.z - b.z);
}

/// Sum of weighted axes e e^T.
struct AxisTensor {
  double xx = 0.0, xy = 0.0, yy = 0.0;

  void add(double weight, double x, double y) {
    xx += weight * x * x, xy += weight * x * y, yy += weight * y * y;
  }
  [[nodiscard]] double larger_eigenvalue() const { return 0.5 * (xx + yy) + std::hypot(0.5 * (xx - yy), xy); }
  /// The axis of the larger eigenvalue, 0..kDirections-1.
  [[nodiscard]] int direction() const {
    const double angle = 0.5 * std::atan2(2.0 * xy, xx - yy);  // -pi/2..pi/2
    const auto step = static_cast<int>(std::lround(angle / M_PI * kDirections));
    return (step + kDirections) % kDirections;
  }
};

Change change_at(const View& view, std::int64_t row, std::int64_t column) {
  const std::int64_t here = row * view.width + column;
  Change change{0.0F, 0, view.points[here], view.points[view.area() + here], view.depth(here)};
  if (!view.known(here)) return change;
  AxisTensor border, bend;
  for (int dy = -1; dy <= 1; ++dy) {
    for (int dx = -1; dx <= 1; ++dx) {
      const std::int64_t r = row + dy, c = column + dx;
      if ((dx == 0 && dy == 0) || r < 0 || c < 0 || r >= view.height || c >= view.width) continue;
      const std::int64_t there = r * view.width + c;
      if (!view.known(there)) continue;
      const double behind = view.behind(row, column, dy, dx), length = std::hypot(dx, dy);
      if (behind > kBorder) border.add(1.0, dx / length, dy / length);
      if (std::abs(behind) > kBorder) continue;
      bend.add(std::max(0.0, 1.0 - view.dot_normals(here, there)) / 3.0, dx / length, dy / length);
    }
  }
  const bool on_border = border.xx + border.yy > 0.0;
  const double smooth = 1.0 - std::min(1.0, bend.larger_eigenvalue());
  change.weight = on_border ? 1.0F : static_cast<float>(1.0 - smooth * smooth * smooth);
  change.direction = on_border ? border.direction() : bend.direction();
  return change;
}

/// 1 - |cos| of the angle between axes that are 0, 1, 2, ... steps apart.
std::array<double, kDirections> differences() {
  std::array<double, kDirections> table{};
  for (int steps = 0; steps < kDirections; ++steps)
    table[static_cast<std::size_t>(steps)] = 1.0 - std::abs(std::cos(M_PI * steps / kDirections));
  return table;
}

/// I2 from the greatest f in each direction.
double change_in_two_directions(const std::array<double, kDirections>& strongest) {
  static const std::array<double, kDirections> kDifference = differences();
  double greatest = 0.0;
  for (std::size_t i = 0; i < strongest.size(); ++i) {
    if (strongest[i] <= 0.0) continue;
    for (std::size_t j = i + 1; j < strongest.size(); ++j)
      greatest = std::max(greatest, strongest[i] * strongest[j] * kDifference[j - i]);
  }
  return greatest;
}

float interest_at(const View& view, const std::vector<Change>& changes, std::int64_t row, std::int64_t column,
                  double support) {
  const auto change_of = [&](std::int64_t r, std::int64_t c) -> const Change& {
    return changes[static_cast<std::size_t>(r * view.width + c)];
  };
  const Change& here = change_of(row, column);
  // Points within half the support project to within this many pixels, up to perspective.
  const auto reach = static_cast<std::int64_t>(std::ceil(0.5 * support * view.focal / here.z));
  const std::int64_t top = std::max<std::int64_t>(0, row - reach);
  const std::int64_t bottom = std::min(view.height - 1, row + reach);
  const std::int64_t left = std::max<std::int64_t>(0, column - reach);
  const std::int64_t right = std::min(view.width - 1, column + reach);
  const auto farthest = static_cast<float>(0.25 * support * support);
  double stable = 1.0;
  std::array<double, kDirections> strongest{};  // f^2
  for (std::int64_t r = top; r <= bottom; ++r) {
    for (std::int64_t c = left; c <= right; ++c) {
      const Change& there = change_of(r, c);
      const float squared = squared_distance(here, there);
      if (there.weight <= 0.0F || squared > farthest) continue;
      const double away = std::sqrt(squared) / support;  // in supports
      stable = std::min(stable, 1.0 - there.weight * std::max(0.0, 1.0 - 10.0 * away));
      double& best = strongest[static_cast<std::size_t>(there.direction)];
      best = std::max(best, there.weight * (1.0 - std::abs(4.0 * away - 1.0)));
    }
  }
  for (double& f : strongest) f = std::sqrt(f);
  return static_cast<float>(stable * change_in_two_directions(strongest));
}

/// depth [V,1,H,W] metres, intrinsics [V,3,3], normals [V,3,H,W] (unit, 0 = none), support S in metres ->
/// interest [V,1,H,W] in 0..1; NaN where a pixel has no reading or no normal.
torch::Tensor narf_interest(const torch::Tensor& depth, const torch::Tensor& intrinsics,
                            const torch::Tensor& normals, double support) {
  const torch::Tensor points = sdk::points_from_depth(depth, intrinsics).contiguous();
  const torch::Tensor facing = normals.to(torch::kFloat32).contiguous();
  const torch::Tensor cameras = intrinsics.to(torch::kFloat32).contiguous();
  const sdk::DepthJumps jumps = sdk::depth_jumps(depth);
  const torch::Tensor right = jumps.right.contiguous(), down = jumps.down.contiguous();
  const std::int64_t views = depth.size(0), height = depth.size(2), width = depth.size(3);
  torch::Tensor result = torch::full({views, 1, height, width}, std::numeric_limits<float>::quiet_NaN());
  std::vector<Change> changes(static_cast<std::size_t>(height * width));
  for (std::int64_t v = 0; v < views; ++v) {
    const std::int64_t plane = height * width;
    const float* camera = cameras.data_ptr<float>() + 9 * v;
    const View view{points.data_ptr<float>() + 3 * plane * v,
                    facing.data_ptr<float>() + 3 * plane * v,
                    right.data_ptr<float>() + plane * v,
                    down.data_ptr<float>() + plane * v,
                    height,
                    width,
                    std::max(camera[0], camera[4])};
    for (std::int64_t at = 0; at < plane; ++at)
      changes[static_cast<std::size_t>(at)] = change_at(view, at / width, at % width);
    float* out = result.data_ptr<float>() + plane * v;
    for (std::int64_t at = 0; at < plane; ++at) {
      if (view.known(at)) out[at] = interest_at(view, changes, at / width, at % width, support);
    }
  }
  return result;
}

sdk::TaskInfo describe() {
  sdk::TaskInfo info = sdk::pixel_task_info("keypoints3d", "3D keypoints", "3D", 1, -1.0, 1.0);
  info.any_of = {{"keypoints3d", "depth_zbuffer"},
                 {"keypoints3d", "intrinsics"},
                 {"keypoints3d", "normal", "depth_zbuffer"}};
  info.mask = sdk::MaskKind::pixel;
  return info;
}

class Keypoints3d final : public sdk::ResponseTask, public sdk::Augment {
 public:
  explicit Keypoints3d(const sdk::TaskContext& context)
      : ResponseTask(describe(), {.clip = context.params.real("clip", 0.55, 1e-6, 1e6),
                                  .stored_clip = context.params.real("stored_clip", 1.0, 1e-6, 1.0)}),
        support_(context.params.real("support", 0.5, 1e-3, 1e3)),
        sigma_(context.params.real("sigma", 1.0 / 32.0, 0.0, 0.25) * static_cast<double>(context.side)) {
    normals_.radius = context.params.integer("radius", 2, 1, 8);
    normals_.jump = context.params.real("jump", 0.05, 1e-6, 10.0);
  }

  [[nodiscard]] sdk::Example augment(const sdk::Example& originals,
                                     const sdk::Augmentation& how) const override {
    return sdk::warp_pixels(originals, how, sdk::Sampling::bilinear);
  }

 private:
  /// NARF's interest, blurred [1,H,W], NaN where there is no surface.
  [[nodiscard]] torch::Tensor derived_response(const sdk::Sample& sample) const override {
    const torch::Tensor depth = sdk::require_pixels(sample, "depth_zbuffer", 1);
    const torch::Tensor& intrinsics = sdk::require(sample, "intrinsics");
    const torch::Tensor interest =
        narf_interest(depth, intrinsics, sdk::surface_normals(sample, normals_), support_);
    const torch::Tensor known = torch::isfinite(interest);
    const torch::Tensor blurred = sdk::gaussian_blur_known(interest, known, sigma_);
    return torch::where(known, blurred, torch::full({}, NAN)).select(0, 0);
  }

  double support_;  ///< metres
  double sigma_;    ///< pixels
  sdk::NormalOptions normals_;
};

}  // namespace

TASKONOMY_EXPORT_TASK(Keypoints3d, "keypoints3d", "Places with a shape of their own")
