// One name for each axis of a room, for tasks whose label is a room's box or its directions. A room's three
// axes are known up to their signs and up to which of them is called x, but a network that sees only the
// picture can learn a label only if the picture decides the names. Here it does: of the three axes,
//   up     the one nearest to the image's vertical, pointing up (camera y < 0)
//   ahead  of the other two the one nearest to the viewing direction, pointing away (camera z > 0)
//   right  the third, so that right x ahead = up
// Turning the room by any symmetry of a box changes nothing. The names jump only where a camera looks exactly
// between two walls (45 degrees to both) or tilts by 45 degrees. No choice of signs and names avoids every
// jump, since a box turned by 90 degrees is the same box.
#pragma once

#include <array>
#include <cstdint>

#include <taskonomy/sdk/torch.hpp>

#include <taskonomy/sdk/detail/api.hpp>

namespace taskonomy::sdk {

/// A room's axes by their canonical names.
struct RoomAxes {
  torch::Tensor directions;           ///< [3,3], rows: right, ahead, up, in camera coordinates
  std::array<std::int64_t, 3> order;  ///< row i came from row order[i]
};

/// Gives the rows of `directions` [3,3] their canonical names and signs: unit directions in camera
/// coordinates, in any order and with any signs. Rows that are only nearly orthogonal, as detectors give
/// them, are kept as they are.
[[nodiscard]] TX_API RoomAxes canonical_axes(const torch::Tensor& directions);

/// The same box with its axes named canonically. A box [9] is its centre (m), the Euler sxyz angles (rad) of
/// the rotation camera_from_box and its full extents (m), which the result has in the order right, ahead, up.
[[nodiscard]] TX_API torch::Tensor canonical_layout(const torch::Tensor& layout);

/// The eight corners [...,8,3] of boxes [...,9], in camera coordinates. Corner i lies at the high end of axis
/// k where bit k of i is set.
[[nodiscard]] TX_API torch::Tensor box_corners(const torch::Tensor& layout);

}  // namespace taskonomy::sdk
