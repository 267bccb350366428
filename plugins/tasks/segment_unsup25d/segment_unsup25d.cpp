// Unsupervised 2.5D segmentation: which pixels belong together by colour and by shape.
//
//   label       int16 [2,H,W]: the region of each pixel, 0.. or -1 = none, without names; and 1 at the
//               pixels that the loss compares, drawn by the example's generator, so that every competitor
//               is judged by the same ones; training draws others in every epoch
//               The regions are the data set's own "segment_unsup25d"; otherwise the graph segmentation of
//               Felzenszwalb and Huttenlocher of image, depth and normals. With surface points P, unit
//               normals n and colours in CIELAB, the edge between pixels p and q weighs
//                 sqrt((|Lab_p - Lab_q| / colour)^2 + (angle(n_p, n_q) / angle)^2 + (off / jump)^2),
//                 off = max(|n_p . (Q - P)|, |n_q . (Q - P)|) / min(depth),
//               each term in multiples of what makes a border alone. `off` says how far each point lies
//               off the other's tangent plane: it is 0 on a plane at any slant, where depth itself changes
//               from pixel to pixel. Terms without a reading on both sides are 0. Pixels without depth
//               belong to no region.
//   input       the plain image
//   prediction  float32 [dimensions,H,W], unbounded: an embedding per pixel
//   loss        mean over pairs i, j of drawn pixels of -log s within a region and -log(1 - s) between
//               regions, s = 2 / (1 + exp(|e_i - e_j|^2)) with embeddings e
//   mask        one per image: the drawn pixels lie in at least two regions
//   metrics     adjusted_rand: agreement of the drawn pixels' clusters (s >= 1/2) with their regions; 1 =
//               the same, 0 = chance
//   drawing     regions in colours; an embedding by its three principal components
//   parameters  points (300; 2..4096): pixels drawn from an image, fewer where it has fewer
//               dimensions (64; 2..256): of the embedding
//               sigma (0.5; 0..16): of the smoothing of colours, pixels of the run's image side
//               scale (0.005; from 0): a region that covers the share x of the image keeps apart what
//                 differs by scale / x borders more than its own texture does. Larger = fewer regions.
//               least_share (0.005; 0..1): smaller regions are joined to a neighbour
//               colour (20 CIELAB units; above 0), angle (20 degrees; above 0), jump (0.03; above 0; share
//                 of the depth): what makes a border alone
//               radius (2; 1..8), jump_normal (0.05; above 0): of normals from depth, as radius and jump of
//                 the task normal
//   differs     The reference segments by normalised cuts; graph segmentation takes milliseconds and
//               has no random start. The reference draws other pixels in every epoch and puts tanh on
//               the embedding.
//   source      Zamir et al., "Taskonomy", CVPR 2018, task "Unsupervised 2.5D segmentation"; Felzenszwalb,
//               Huttenlocher, "Efficient Graph-Based Image Segmentation", IJCV 2004; Fathi et al.,
//               "Semantic Instance Segmentation via Deep Metric Learning", arXiv 1703.10277
#include <cmath>

#include <taskonomy/sdk/augment.hpp>
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

class SegmentUnsup25d final : public sdk::RegionTask, public sdk::Redraw, public sdk::Augment {
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

  [[nodiscard]] sdk::Example redraw(const torch::Tensor&, const sdk::Example& drawn,
                                    torch::Generator& generator) const override {
    return redraw_points(drawn, generator);
  }
  [[nodiscard]] sdk::Example augment(const sdk::Example& originals,
                                     const sdk::Augmentation& how) const override {
    return sdk::warp_pixels(originals, how, sdk::Sampling::nearest);
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
