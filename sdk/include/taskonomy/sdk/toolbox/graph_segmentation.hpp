// Unsupervised segmentation: regions of an image from local differences alone, by the graph method of
// Felzenszwalb and Huttenlocher, "Efficient Graph-Based Image Segmentation", IJCV 59(2), 2004.
//
// Pixels are vertices; each is joined to its 8 neighbours by an edge whose weight w says how different the
// two are. Edges are taken in ascending order; an edge between two components A and B joins them when
//   w <= min(Int(A) + k / |A|, Int(B) + k / |B|),
// Int = the largest weight in the component's minimum spanning tree, |.| = its pixels. So a region's own
// texture decides how strong a difference has to be to count as a border, and k how much is needed between
// small regions. Then components below a least size are joined to the neighbour across their weakest edge.
// Deterministic: equal weights keep the order of directions and pixels.
#pragma once

#include <cstdint>

#include <taskonomy/sdk/torch.hpp>

#include <taskonomy/sdk/detail/api.hpp>

namespace taskonomy::sdk {

/// How much it takes to be a region of its own. Both are relative to the image, so that the same numbers mean
/// the same regions at any image side.
struct SegmentationOptions {
  /// k in units of weight, relative to the image's pixels: a region that covers the share s of the image
  /// keeps apart what is scale / s stronger than its own texture.
  double scale = 0.05;
  double least_share = 0.002;  ///< regions below this share of the image's pixels are joined to a neighbour
};

/// The four directions of edges: pixel (r,c) to (r,c+1), (r+1,c), (r+1,c+1) and (r+1,c-1).
inline constexpr std::int64_t kEdgeDirections = 4;

/// Regions from edge weights float32 [4,H,W], weights >= 0 in the order of kEdgeDirections; weights of edges
/// that leave the image are not read, NaN and infinity join last. -> int32 [1,H,W], ids 0..n-1 in the order
/// in which rows meet the regions. Throws std::invalid_argument naming a wrong shape.
[[nodiscard]] TX_API torch::Tensor segment_graph(const torch::Tensor& weights,
                                                 const SegmentationOptions& options = {});

/// Edge weights [4,H,W] of an image of features [C,H,W]: the Euclidean distance between the two pixels.
[[nodiscard]] TX_API torch::Tensor edge_distances(const torch::Tensor& features);

/// values [C,H,W] at the far end of each edge of one direction, [C,H,W]; at edges that leave the image the
/// pixel's own value, so that differences there are 0.
[[nodiscard]] TX_API torch::Tensor across_edge(const torch::Tensor& values, std::int64_t direction);

}  // namespace taskonomy::sdk
