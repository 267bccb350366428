// The surface behind a depth image: its points, how it bends, and where it ends. Pure functions; depth is
// [V,1,H,W] in metres along the optical axis, and a reading that is not finite and positive is none.
#pragma once

#include <cstdint>

#include <taskonomy/sdk/torch.hpp>

#include <taskonomy/sdk/detail/api.hpp>

namespace taskonomy::sdk {

/// Points [V,3,H,W] in metres, camera coordinates; (0,0,0) where there is no reading.
[[nodiscard]] TX_API torch::Tensor points_from_depth(const torch::Tensor& depth,
                                                     const torch::Tensor& intrinsics);

/// From which neighbours curvature is taken.
struct CurvatureOptions {
  std::int64_t radius = 2;  ///< pixels; a (2 radius + 1)^2 window
  double crease = 0.4;      ///< radians; neighbours whose normal is turned by more lie beyond an edge
  double step = 0.5;  ///< sine of the steepest way to a neighbour, out of both tangent planes: more is a jump
};

/// Principal curvatures [V,2,H,W] in 1/m, larger magnitude first, positive where the surface bulges towards
/// the camera: 1/r twice on a ball, 1/r and 0 on a cylinder. NaN where the point has no normal or fewer than
/// three neighbours, not all on a line, on its own smooth surface. points [V,3,H,W]; normals [V,3,H,W], unit,
/// 0 = none.
/// The shape operator S = [a b; b c] turns a step dp in the tangent plane into the change of the normal,
/// dn = S dp; here by least squares over the window, and its eigenvalues are the result (do Carmo,
/// Differential Geometry of Curves and Surfaces, 3-2; with dn for a normal that faces the camera).
[[nodiscard]] TX_API torch::Tensor principal_curvatures(const torch::Tensor& points,
                                                        const torch::Tensor& normals,
                                                        const CurvatureOptions& options = {});

/// Depth jumps between neighbouring pixels.
struct DepthJumps {
  torch::Tensor right;  ///< float32 [V,1,H,W]: from each pixel to the one on its right; last column 0
  torch::Tensor down;   ///< likewise to the one below; last row 0
};

/// By how much the farther of two pixels lies behind the nearer one's surface: 1 - near / far in -1..1,
/// positive where the left or upper pixel is the nearer; 0 where either has no reading. Of three steps of
/// inverse depth the gentlest counts, and only if all have one sign: the plain one, and those that remain
/// when either side is extended to the other along its own slope. So planes at any angle have none (inverse
/// depth is affine on them), a crease has at most half its change of slope, and objects of one pixel's width
/// keep theirs.
[[nodiscard]] TX_API DepthJumps depth_jumps(const torch::Tensor& depth);

}  // namespace taskonomy::sdk
