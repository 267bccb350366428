// The interest of NARF keypoints (Steder, Rusu, Konolige, Burgard: Point feature extraction on 3D range
// scans taking into account object boundaries, ICRA 2011, section IV), at every pixel.
//
// Surface change. Every pixel i has a weight w in 0..1, how much the surface changes there, and the direction
// a (an axis of the image plane) in which it does:
//   on a foreground border, where the neighbour lies behind (toolbox/surface.hpp, a jump above 0.08), w = 1 and a
//   goes across the border; elsewhere from the changes 1 - n.n_j of the normal to the eight neighbours j in
//   directions e_j, on the same surface: M = sum (1 - n.n_j) e_j e_j^T / 3, w = 1 - (1 - min(1, its larger
//   eigenvalue))^3, a the eigenvector. Behind a border nothing counts: the foreground owns it.
//
// Interest. Over the pixels i nearer than half the support size S, r_i = |p - p_i|:
//   I1 = min over i of 1 - w_i max(0, 1 - 10 r_i / S)            stable: no change within a tenth of S
//   I2 = max over i, j of f_i f_j (1 - |cos(a_i - a_j)|)          change in two directions around it
//   f_i = sqrt(w_i (1 - |4 r_i / S - 1|))                          counted most at a quarter of S
//   I  = I1 I2
// f falls to 0 at S/2, where the paper's 1 - |2 r / S - 1/2| ends at 1/2: no rings around what changes.
#pragma once

#include <taskonomy/sdk/torch.hpp>

namespace keypoints3d {

/// depth [V,1,H,W] metres, intrinsics [V,3,3], normals [V,3,H,W] (unit, 0 = none), support S in metres ->
/// [V,1,H,W] in 0..1; NaN where a pixel has no reading or no normal.
[[nodiscard]] torch::Tensor interest(const torch::Tensor& depth, const torch::Tensor& intrinsics,
                                     const torch::Tensor& normals, double support);

}  // namespace keypoints3d
