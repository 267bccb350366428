// Embeddings of pixels that tell regions apart, for tasks of unsupervised segmentation (region_task.hpp): the
// loss that makes them, and how they are judged and drawn.
#pragma once

#include <cstdint>

#include <taskonomy/sdk/torch.hpp>

#include <taskonomy/sdk/detail/api.hpp>

namespace taskonomy::sdk {

/// Metric loss of Fathi et al., "Semantic Instance Segmentation via Deep Metric Learning", arXiv 1703.10277,
/// as the reference of Taskonomy uses it. For two points with embeddings e_i, e_j:
///   d = |e_i - e_j|^2 clipped to [kLeastSquare, 80],  s = 2 / (1 + exp(d))   (1 = alike, towards 0 = apart)
///   loss = -mean over pairs i != j of [same region: log s; otherwise: log(1 - s)]
/// in the stable form
///   -log s = d + log(1 + exp(-d)) - log 2,   -log(1 - s) = log(1 + exp(-d)) - log(1 - exp(-d)).
/// Two points of different regions with one embedding would cost infinity; kLeastSquare makes that 9.9.
/// embeddings [B,n,D], regions [B,n] (integral), counted bool [B,n] -> [B]. Loss and gradient are 0 where
/// fewer than two points count.
TX_API torch::Tensor metric_loss(const torch::Tensor& embeddings, const torch::Tensor& regions,
                                 const torch::Tensor& counted);
inline constexpr double kLeastSquare = 1e-4;

/// The group of each of points [n,D] -> int64 [n], without a number of groups to choose and without chance.
/// Two points are neighbours where the metric loss calls them alike: s >= 1/2, that is |e_i - e_j|^2 <= ln 3.
/// Group 0 is the point with most neighbours, the first of equals, and they; group 1 is the same of the
/// points that are left; and so on.
[[nodiscard]] TX_API torch::Tensor cluster_embeddings(const torch::Tensor& points);

/// Agreement of two groupings [n] of the same points, whatever the groups are called: the Rand index adjusted
/// for chance (Hubert and Arabie, "Comparing Partitions", J. Classification 2, 1985). 1: the same groups; 0:
/// what unrelated ones are expected to have; below 0: worse. Also 1 where both put all points into one group,
/// or each point into its own.
[[nodiscard]] TX_API double adjusted_rand_index(const torch::Tensor& a, const torch::Tensor& b);

/// Draws embeddings [D,H,W] as RGB uint8 [3,H,W]: their first three principal components as red, green and
/// blue, each from -2 to 2 standard deviations of the first. Pixels that the metric loss calls alike look
/// alike.
[[nodiscard]] TX_API torch::Tensor draw_embedding(const torch::Tensor& embedding);

}  // namespace taskonomy::sdk
