// Unsupervised 2.5D segmentation: which pixels belong together by colour and by shape.
//
//   label       region ids without names and 300 pixels drawn among them (sdk/region_task.hpp)
//                                                                              int16 [2,H,W]
//               The data set's own modality "segment_unsup25d" where it offers one; otherwise the graph
//               segmentation of Felzenszwalb and Huttenlocher (IJCV 2004, toolbox/graph_segmentation.hpp) of
//               image, depth and normals. Weight of the edge between pixels p and q, with surface points P,
//               unit normals n and colours in CIELAB, each term in multiples of what makes a border alone:
//                 sqrt((|Lab_p - Lab_q| / colour)^2 + (angle(n_p, n_q) / angle)^2 + (off / jump)^2),
//                 off = max(|n_p . (Q - P)|, |n_q . (Q - P)|) / min(depth)
//               `off` is how far each point lies off the other's tangent plane: 0 on a plane at any slant,
//               where depth itself changes from pixel to pixel. Terms without a reading on both sides are 0.
//               Pixels without depth belong to no region.
//   input       the plain image
//   prediction  an embedding per pixel, [dimensions,H,W], unbounded
//   loss        metric loss over all pairs of the drawn pixels, as in segment_unsup2d
//   mask        image: the drawn pixels know at least two regions
//   metrics     adjusted_rand: of the drawn pixels' clusters (s >= 1/2) against their regions
//   parameters  points, dimensions, least_share (0.005), sigma (0.5): as in segment_unsup2d
//               scale (0.005; from 0): as there, in multiples of a border
//               colour (20 CIELAB), angle (20 degrees), jump (0.03, share of the depth): above 0; what makes
//               a border
//               radius (2; 1..8), jump_normal (0.05; above 0): of normals from depth, as radius and jump of
//               the task normal
//   drawing     regions in colours; an embedding by its three principal components
//   source      Zamir et al., Taskonomy, CVPR 2018, "Unsupervised 2.5D segmentation"
#include <cmath>

#include <taskonomy/sdk/modality.hpp>
#include <taskonomy/sdk/plugin.hpp>
#include <taskonomy/sdk/region_task.hpp>
#include <taskonomy/sdk/toolbox/colour.hpp>
#include <taskonomy/sdk/toolbox/filters.hpp>
#include <taskonomy/sdk/toolbox/geometry.hpp>
#include <taskonomy/sdk/toolbox/surface.hpp>

namespace {

using namespace taskonomy;

constexpr double kDegree = 3.14159265358979323846 / 180.0;

/// The visible surface of one view.
struct Surface {
  torch::Tensor depth;   ///< [1,H,W] metres, 0 = no reading
  torch::Tensor point;   ///< [3,H,W] metres, camera coordinates
  torch::Tensor normal;  ///< [3,H,W], (0,0,0) = none
};

Surface surface_of(const sdk::Sample& sample, const sdk::NormalOptions& options) {
  const torch::Tensor depth = sdk::require_pixels(sample, "depth_zbuffer", 1);
  Surface surface;
  surface.point = sdk::points_from_depth(depth, sdk::require(sample, "intrinsics"))[0];
  surface.depth = surface.point.slice(0, 2, 3);
  surface.normal = sdk::surface_normals(sample, options)[0];
  return surface;
}

class SegmentUnsup25d final : public sdk::RegionTask {
 public:
  explicit SegmentUnsup25d(const sdk::TaskContext& context)
      : RegionTask(context,
                   {.id = "segment_unsup25d",
                    .title = "Unsupervised 2.5D segmentation",
                    .family = "3D",
                    .any_of = {{"segment_unsup25d", "depth_zbuffer"}, {"segment_unsup25d", "intrinsics"}},
                    .segmentation = {.scale = 0.005, .least_share = 0.005}}),
        sigma_(context.params.real("sigma", 0.5, 0.0, 16.0)),
        colour_(context.params.real("colour", 20.0, 1e-6, 1e6)),
        angle_(context.params.real("angle", 20.0, 1e-6, 180.0) * kDegree),
        jump_(context.params.real("jump", 0.03, 1e-6, 10.0)) {
    normals_.radius = context.params.integer("radius", 2, 1, 8);
    normals_.jump = context.params.real("jump_normal", 0.05, 1e-6, 10.0);
  }

 private:
  [[nodiscard]] torch::Tensor derive_regions(const sdk::Sample& sample) const override {
    const Surface surface = surface_of(sample, normals_);
    const torch::Tensor colours = sdk::lab_from_rgb(sdk::require_view(sample, "rgb", 3).unsqueeze(0));
    const torch::Tensor colour = sdk::edge_distances(sdk::gaussian_blur(colours, sigma_)[0]) / colour_;
    std::vector<torch::Tensor> weights;
    for (std::int64_t direction = 0; direction < sdk::kEdgeDirections; ++direction)
      weights.push_back((colour[direction].square() + square_of_shape(surface, direction)).sqrt());
    const torch::Tensor regions = sdk::segment_graph(torch::stack(weights), segmentation());
    return torch::where(surface.depth > 0.0, regions, torch::full({}, -1, torch::kInt32));
  }

  /// (angle / angle)^2 + (off / jump)^2 of the edges of one direction, [H,W].
  [[nodiscard]] torch::Tensor square_of_shape(const Surface& surface, std::int64_t direction) const {
    const torch::Tensor zero = torch::zeros({});
    const torch::Tensor far_depth = sdk::across_edge(surface.depth, direction);
    const torch::Tensor far_normal = sdk::across_edge(surface.normal, direction);
    const torch::Tensor step = sdk::across_edge(surface.point, direction) - surface.point;

    const torch::Tensor oriented = surface.normal.ne(0.0).any(0) & far_normal.ne(0.0).any(0);
    const torch::Tensor chord = (far_normal - surface.normal).norm(2, 0);
    const torch::Tensor turn = 2.0 * torch::asin((chord / 2.0).clamp(0.0, 1.0));
    const torch::Tensor nearest = torch::minimum(surface.depth, far_depth)[0];
    const torch::Tensor off =
        torch::maximum((surface.normal * step).sum(0).abs(), (far_normal * step).sum(0).abs());
    return torch::where(oriented, (turn / angle_).square(), zero) +
           torch::where(nearest > 0.0, (off / nearest.clamp_min(1e-6) / jump_).square(), zero);
  }

  sdk::NormalOptions normals_;
  double sigma_, colour_, angle_, jump_;
};

}  // namespace

TASKONOMY_EXPORT_TASK(SegmentUnsup25d, "segment_unsup25d", "Regions of like colour and shape, without names")
