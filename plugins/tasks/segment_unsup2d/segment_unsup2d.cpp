// Unsupervised 2D segmentation: which pixels belong together by colour alone.
//
//   label       region ids without names and 300 pixels drawn among them (sdk/region_task.hpp)
//                                                                              int16 [2,H,W]
//               The data set's own modality "segment_unsup2d" where it offers one; otherwise the graph
//               segmentation of Felzenszwalb and Huttenlocher (IJCV 2004, toolbox/graph_segmentation.hpp) of the
//               image in CIELAB after Gaussian smoothing; edge weight = distance of the two colours. The
//               reference used normalised cuts; this takes milliseconds and has no random start.
//   input       the plain image
//   prediction  an embedding per pixel, [dimensions,H,W], unbounded
//   loss        metric loss over all pairs of the drawn pixels (toolbox/embedding.hpp): with
//               s = 2 / (1 + exp(|e_i - e_j|^2)), the mean of -log s within regions and -log(1 - s) between
//   mask        image: the drawn pixels know at least two regions
//   metrics     adjusted_rand: of the drawn pixels' clusters (s >= 1/2) against their regions
//   parameters  points (300; 2..4096): pixels drawn from an image, fewer where it has fewer
//               dimensions (64; 2..256): of the embedding
//               sigma (0.5; 0..16): of the smoothing, pixels of the run's image side
//               scale (0.05; from 0): a region that covers the share x of the image keeps apart what differs
//               by scale / x [CIELAB] more than its own texture does; larger = fewer regions
//               least_share (0.002; 0..1): smaller regions are joined to a neighbour
//   drawing     regions in colours; an embedding by its three principal components
//   source      Zamir et al., Taskonomy, CVPR 2018, "Unsupervised 2D segmentation"
#include <taskonomy/sdk/modality.hpp>
#include <taskonomy/sdk/plugin.hpp>
#include <taskonomy/sdk/region_task.hpp>
#include <taskonomy/sdk/toolbox/colour.hpp>
#include <taskonomy/sdk/toolbox/filters.hpp>

namespace {

using namespace taskonomy;

class SegmentUnsup2d final : public sdk::RegionTask {
 public:
  explicit SegmentUnsup2d(const sdk::TaskContext& context)
      : RegionTask(context, {.id = "segment_unsup2d",
                             .title = "Unsupervised 2D segmentation",
                             .family = "2D",
                             .any_of = {{"segment_unsup2d", "rgb"}},
                             .segmentation = {.scale = 0.05, .least_share = 0.002}}),
        sigma_(context.params.real("sigma", 0.5, 0.0, 16.0)) {}

 private:
  [[nodiscard]] torch::Tensor derive_regions(const sdk::Sample& sample) const override {
    const torch::Tensor colours = sdk::lab_from_rgb(sdk::require_view(sample, "rgb", 3).unsqueeze(0));
    const torch::Tensor smooth = sdk::gaussian_blur(colours, sigma_)[0];
    return sdk::segment_graph(sdk::edge_distances(smooth), segmentation());
  }

  double sigma_;
};

}  // namespace

TASKONOMY_EXPORT_TASK(SegmentUnsup2d, "segment_unsup2d", "Regions of like colour, without names")
