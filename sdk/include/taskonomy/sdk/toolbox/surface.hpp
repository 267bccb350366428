// The surface behind a depth image, for tasks that derive their label from depth: its points, how it bends,
// and where it ends. Pure functions of depth [V,1,H,W] in metres along the optical axis; only finite positive
// depth is a reading.
#pragma once

#include <cstdint>

#include <taskonomy/sdk/torch.hpp>

#include <taskonomy/sdk/detail/api.hpp>

namespace taskonomy::sdk {

/// Points [V,3,H,W] in metres, camera coordinates; (0,0,0) where there is no reading.
[[nodiscard]] TX_API torch::Tensor points_from_depth(const torch::Tensor& depth,
                                                     const torch::Tensor& intrinsics);

/// From which neighbours curvature is estimated.
struct CurvatureOptions {
  std::int64_t radius = 2;  ///< pixels: those of a window of (2 radius + 1)^2
  double crease = 0.4;      ///< radians: a neighbour whose normal is turned by more lies beyond an edge
  /// Sine of the steepest way to a neighbour on the same surface, out of both tangent planes: more is a jump.
  double step = 0.5;
};

/// Principal curvatures [V,2,H,W] in 1/m, larger magnitude first, positive where the surface bulges towards
/// the camera: 1/r twice on a ball, 1/r and 0 on a cylinder. Points are [V,3,H,W], normals [V,3,H,W] of unit
/// length, (0,0,0) = none. The result is NaN where a point has no normal, or its smooth surface offers fewer
/// than three neighbours that do not all lie on a line.
///
/// The shape operator S = [a b; b c] turns a step dp in the tangent plane into the change of the normal, dn =
/// S dp. It is fitted to the window by least squares; its eigenvalues are the result (do Carmo, Differential
/// Geometry of Curves and Surfaces, 3-2; with dn for a normal that faces the camera).
[[nodiscard]] TX_API torch::Tensor principal_curvatures(const torch::Tensor& points,
                                                        const torch::Tensor& normals,
                                                        const CurvatureOptions& options = {});

/// Depth jumps between neighbouring pixels, in -1..1.
struct DepthJumps {
  torch::Tensor right;  ///< float32 [V,1,H,W]: from each pixel to the one on its right; 0 in the last column
  torch::Tensor down;   ///< the same to the one below; 0 in the last row
};

/// How far the farther of two pixels lies behind the nearer one's surface: 1 - near / far, positive where the
/// left or upper pixel is the nearer, 0 where either has no reading.
///
/// Three steps of inverse depth are compared: the plain one, and those that remain when either side is
/// extended to the other along its own slope. The smallest counts, and only if all three have one sign. So
/// planes at any angle have no jumps (inverse depth is affine on them), a crease has at most half its change
/// of slope, and objects of one pixel's width keep theirs.
[[nodiscard]] TX_API DepthJumps depth_jumps(const torch::Tensor& depth);

}  // namespace taskonomy::sdk
