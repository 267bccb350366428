// Unsupervised 2D segmentation: which pixels belong together by colour alone.
//
//   label       int16 [2,H,W]: the region of each pixel, 0.. or -1 = none, without names; and 1 at the
//               pixels that the loss compares, drawn by the example's generator, so that every competitor
//               is judged by the same ones; training draws others in every epoch
//               The regions are the data set's own "segment_unsup2d"; otherwise the graph segmentation of
//               Felzenszwalb and Huttenlocher of the image in CIELAB after Gaussian smoothing; the edge
//               between two pixels weighs the distance of their colours.
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
//               sigma (0.5; 0..16): of the smoothing, pixels of the run's image side
//               scale (0.05; from 0): a region that covers the share x of the image keeps apart what
//                 differs by scale / x [CIELAB] more than its own texture does. Larger = fewer regions.
//               least_share (0.002; 0..1): smaller regions are joined to a neighbour
//   differs     The reference segments by normalised cuts; graph segmentation takes milliseconds and
//               has no random start. The reference puts tanh on the embedding.
//   source      Zamir et al., "Taskonomy", CVPR 2018, task "Unsupervised 2D segmentation"; Felzenszwalb,
//               Huttenlocher, "Efficient Graph-Based Image Segmentation", IJCV 2004; Fathi et al.,
//               "Semantic Instance Segmentation via Deep Metric Learning", arXiv 1703.10277
#include <taskonomy/sdk/augment.hpp>
#include <taskonomy/sdk/modality.hpp>
#include <taskonomy/sdk/plugin.hpp>
#include <taskonomy/sdk/region_task.hpp>
#include <taskonomy/sdk/toolbox/colour.hpp>
#include <taskonomy/sdk/toolbox/filters.hpp>

namespace {

using namespace taskonomy;

class SegmentUnsup2d final : public sdk::RegionTask, public sdk::Redraw, public sdk::Augment {
 public:
  explicit SegmentUnsup2d(const sdk::TaskContext& context)
      : RegionTask(context, {.id = "segment_unsup2d",
                             .title = "Unsupervised 2D segmentation",
                             .family = "2D",
                             .any_of = {{"segment_unsup2d", "rgb"}},
                             .label_cost = 0.0,  // computed from the image
                             .segmentation = {.scale = 0.05, .least_share = 0.002}}),
        sigma_(context.params.real("sigma", 0.5, 0.0, 16.0)) {}

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
    const torch::Tensor colours = sdk::lab_from_rgb(sdk::require_view(sample, "rgb", 3).unsqueeze(0));
    const torch::Tensor smooth = sdk::gaussian_blur(colours, sigma_)[0];
    return sdk::segment_graph(sdk::edge_distances(smooth), segmentation());
  }

  double sigma_;
};

}  // namespace

TASKONOMY_EXPORT_TASK(SegmentUnsup2d, "segment_unsup2d", "Regions of like colour, without names")
