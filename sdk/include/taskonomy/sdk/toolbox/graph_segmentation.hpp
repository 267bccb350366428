// Regions of an image from local differences alone, for tasks of unsupervised segmentation: the graph method
// of Felzenszwalb and Huttenlocher, "Efficient Graph-Based Image Segmentation", IJCV 59(2), 2004.
//
// Pixels are vertices. An edge to each of the 8 neighbours has a weight w that says how different the two
// are. Edges are taken in ascending order; an edge between two components A and B joins them when
//   w <= min(Int(A) + k / |A|, Int(B) + k / |B|),
// where Int is the largest weight in the component's minimum spanning tree and |.| its number of pixels. So a
// region's own texture decides how strong a difference must be to count as a border, and k how much is needed
// between small regions. At the end components below a least size are joined to the neighbour across their
// weakest edge. The result is deterministic: equal weights keep the order of directions and pixels.
#pragma once

#include <cstdint>

#include <taskonomy/sdk/torch.hpp>

#include <taskonomy/sdk/detail/api.hpp>

namespace taskonomy::sdk {

/// What it takes to be a region of its own. Both numbers are relative to the image, so that they mean the
/// same regions at any image side.
struct SegmentationOptions {
  /// k in units of weight, as a share of the image's pixels: a region that covers the share s of the image
  /// keeps apart what is scale / s stronger than its own texture. A larger scale makes fewer and larger
  /// regions.
  double scale = 0.05;
  double least_share = 0.002;  ///< regions that cover less of the image are joined to a neighbour
};

/// Number of directions of edges: from pixel (r,c) to (r,c+1), (r+1,c), (r+1,c+1) and (r+1,c-1).
inline constexpr std::int64_t kEdgeDirections = 4;

/// Regions int32 [1,H,W], with ids 0..n-1 in the order in which the rows meet them, from the weights of edges
/// float32 [4,H,W]: >= 0, in the order of kEdgeDirections. Weights of edges that leave the image are not
/// read; NaN and infinity join last. Throws std::invalid_argument naming a wrong shape.
[[nodiscard]] TX_API torch::Tensor segment_graph(const torch::Tensor& weights,
                                                 const SegmentationOptions& options = {});

/// Edge weights [4,H,W] of an image of features [C,H,W]: the Euclidean distance between the two pixels.
[[nodiscard]] TX_API torch::Tensor edge_distances(const torch::Tensor& features);

/// Values [C,H,W] at the far end of each edge of one direction. At edges that leave the image it is the
/// pixel's own value, so that differences there are 0.
[[nodiscard]] TX_API torch::Tensor across_edge(const torch::Tensor& values, std::int64_t direction);

}  // namespace taskonomy::sdk
