// Surface normals and shading, for tasks that derive their label from depth: pure functions of depth
// [V,1,H,W] (metres along the optical axis) and intrinsics [V,3,3].
//
// A plane n.P = k has inverse depth w(u,v) = 1/d = A u + B v + C, affine in pixel coordinates, with (A,B,C)
// proportional to K^T n. So normals come from the gradient of inverse depth: exact on planes at any angle and
// field of view, where differences of depth itself would bend, and a depth jump is what departs from an
// affine w.
#pragma once

#include <cstdint>

#include <taskonomy/sdk/torch.hpp>

#include <taskonomy/sdk/detail/api.hpp>
#include <taskonomy/sdk/sample.hpp>

namespace taskonomy::sdk {

/// How normals are estimated from depth.
struct NormalOptions {
  /// Pixels: a plane is fitted to a window of (2 radius + 1)^2. A larger one evens out noise and rounds off
  /// corners.
  std::int64_t radius = 1;
  /// Neighbours whose inverse depth is off the local plane by more than this share are left out.
  double jump = 0.05;
};

/// Surface normals and where they are known.
struct Normals {
  /// float32 [V,3,H,W], of unit length, facing the camera, in camera coordinates (x right, y down, z
  /// forward); (0,0,0) = none
  torch::Tensor normal;
  torch::Tensor valid;  ///< bool [V,1,H,W]
};

/// Normals of the surface under each pixel. First come robust differences of inverse depth along each axis:
/// central, one-sided beside a jump, none where both sides jump. Then a plane is fitted by least squares to
/// those pixels of the window that agree with them. Only finite positive depth is a reading. Throws
/// std::invalid_argument naming a wrong shape.
[[nodiscard]] TX_API Normals normals_from_depth(const torch::Tensor& depth, const torch::Tensor& intrinsics,
                                                const NormalOptions& options = {});

/// Normals [V,3,H,W] of a sample: its modality "normal", brought to unit length, where it has one; otherwise
/// those derived from its depth_zbuffer and intrinsics. (0,0,0) = none, also in place of NaN. Throws
/// std::invalid_argument naming what is missing.
[[nodiscard]] TX_API torch::Tensor surface_normals(const Sample& sample, const NormalOptions& options = {});

/// Directions of unit length [V,3,H,W] through the pixel centres (c + 0.5, r + 0.5), in camera coordinates.
[[nodiscard]] TX_API torch::Tensor view_directions(const torch::Tensor& intrinsics, std::int64_t height,
                                                   std::int64_t width);

/// Lambert shading [V,1,H,W] in 0..1 by a point light at the camera, without falloff: max(0, -n . view
/// direction).
[[nodiscard]] TX_API torch::Tensor lambert_at_camera(const torch::Tensor& normal,
                                                     const torch::Tensor& intrinsics);

}  // namespace taskonomy::sdk
