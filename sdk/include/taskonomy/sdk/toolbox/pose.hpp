// Rigid motions between cameras, for tasks and datasets with more than one view. A pose maps points of one
// frame to another: world_from_camera = [R t; 0 1], so that x_world = R x_camera + t. All functions take any
// number of leading dimensions and keep the type.
//
// Six numbers stand for a motion (method.md, "Relative pose"): Euler angles (a, b, c), radians, about the
// fixed x, y and z axes in this order (sxyz), so R = Rz(c) Ry(b) Rx(a), then the translation, metres.
#pragma once

#include <cstdint>

#include <taskonomy/sdk/torch.hpp>

#include <taskonomy/sdk/detail/api.hpp>
#include <taskonomy/sdk/sample.hpp>

namespace taskonomy::sdk {

/// The modality "pose" of a sample with `views` views: world_from_camera [views,4,4] in double precision,
/// because translations reach through a building while their differences are centimetres. Throws
/// std::invalid_argument naming the sample and both shapes.
[[nodiscard]] TX_API torch::Tensor require_poses(const Sample& sample, std::int64_t views);

/// Whether each of poses [...,4,4] is a rigid motion -> bool [...]: finite, its last row 0 0 0 1, its
/// rotation orthogonal within `tolerance` (largest entry of R^T R - I) and of determinant +1.
[[nodiscard]] TX_API torch::Tensor is_rigid(const torch::Tensor& pose, double tolerance = 1e-3);

/// The motions back, [R^T, -R^T t], of rigid poses [...,4,4].
[[nodiscard]] TX_API torch::Tensor inverse_pose(const torch::Tensor& pose);

/// first_from_second = first^-1 second of two poses world_from_camera [...,4,4]. Its translation is where the
/// second camera stands as the first one sees it. relative(1,2) relative(2,3) = relative(1,3).
[[nodiscard]] TX_API torch::Tensor relative_pose(const torch::Tensor& first, const torch::Tensor& second);

/// Euler angles [...,3] -> rotations [...,3,3].
[[nodiscard]] TX_API torch::Tensor rotation_from_euler(const torch::Tensor& angles);

/// Rotations [...,3,3] -> Euler angles [...,3]: a and c in -pi..pi, b in -pi/2..pi/2. Where b is a right
/// angle, only the sum or difference of a and c matters; c is then 0.
[[nodiscard]] TX_API torch::Tensor euler_from_rotation(const torch::Tensor& rotation);

/// Poses [...,4,4] -> their six numbers [...,6]. The angles (a, b, c) and (a + pi, pi - b, c + pi) are one
/// rotation; these are the ones with the smaller |a| + |c|, so that b is in -pi..pi. Cameras turn mostly
/// about their vertical, y: these numbers follow a turn beyond a right angle, where those of
/// euler_from_rotation() jump by pi.
[[nodiscard]] TX_API torch::Tensor encode_pose(const torch::Tensor& pose);

/// Six numbers [...,6] -> poses [...,4,4].
[[nodiscard]] TX_API torch::Tensor decode_pose(const torch::Tensor& numbers);

/// Angle between two rotations [...,3,3] -> [...], radians, 0..pi. It comes from the chord
/// |A - B|_F = 2 sqrt(2) sin(angle / 2), which, unlike the trace, keeps small angles.
[[nodiscard]] TX_API torch::Tensor rotation_angle(const torch::Tensor& a, const torch::Tensor& b);

}  // namespace taskonomy::sdk
