// Surface geometry from depth: pure functions of depth [V,1,H,W] (metres along the optical axis) and
// intrinsics [V,3,3]. A plane n.P = k has inverse depth w(u,v) = 1/d = A u + B v + C, affine in pixel
// coordinates, with (A,B,C) proportional to K^T n. So normals come from the gradient of inverse depth: exact
// on planes at any angle and field of view, where differences of depth itself would bend, and a depth jump is
// what departs from an affine w.
#pragma once

#include <cstdint>

#include <taskonomy/sdk/torch.hpp>

#include <taskonomy/sdk/detail/api.hpp>
#include <taskonomy/sdk/sample.hpp>

namespace taskonomy::sdk {

/// How the gradient of inverse depth is estimated.
struct NormalOptions {
  std::int64_t radius =
      1;  ///< pixels; the plane is fitted to a (2 radius + 1)^2 window. More for noisy depth
  double jump =
      0.05;  ///< neighbours whose inverse depth is off the local plane by more than this share are left out
};

/// Surface normals and where they are known.
struct Normals {
  torch::Tensor normal;  ///< float32 [V,3,H,W], unit, camera coordinates (x right, y down, z forward), facing
                         ///< the camera; 0 = none
  torch::Tensor valid;   ///< bool [V,1,H,W]
};

/// Normals of the surface under each pixel. First the inverse-depth gradient by robust differences per axis
/// (central, one-sided beside a jump, none where both sides jump), then a least-squares plane over those
/// window pixels that agree with it. Readings that are not finite and positive are none. Throws
/// std::invalid_argument naming a wrong shape.
[[nodiscard]] TX_API Normals normals_from_depth(const torch::Tensor& depth, const torch::Tensor& intrinsics,
                                                const NormalOptions& options = {});

/// The sample's own normals [V,3,H,W] where it has the modality "normal", brought to unit length; otherwise
/// those derived from its depth_zbuffer and intrinsics. (0,0,0) = none, also instead of NaN. Throws
/// std::invalid_argument naming what is missing.
[[nodiscard]] TX_API torch::Tensor surface_normals(const Sample& sample, const NormalOptions& options = {});

/// Unit viewing directions [V,3,H,W] through the pixel centres (c + 0.5, r + 0.5), camera coordinates.
[[nodiscard]] TX_API torch::Tensor view_directions(const torch::Tensor& intrinsics, std::int64_t height,
                                                   std::int64_t width);

/// Lambert shading [V,1,H,W] in 0..1 by a point light at the camera: max(0, -n . view direction), without
/// falloff.
[[nodiscard]] TX_API torch::Tensor lambert_at_camera(const torch::Tensor& normal,
                                                     const torch::Tensor& intrinsics);

}  // namespace taskonomy::sdk
