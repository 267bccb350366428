// Pinhole cameras and the rules by which views of a room are chosen.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "look.hpp"
#include "stage.hpp"

namespace taskonomy::scenes {

/// A camera. Its axes are x right, y down, z forward; its images are square, with the
/// principal point in the middle.
struct Camera {
  Vec3 position;
  float yaw = 0.0F;    ///< of the optical axis, counter-clockwise from world x
  float pitch = 0.0F;  ///< upwards
  float roll = 0.0F;   ///< clockwise around the optical axis, as its holder sees it
  float fov = 1.0F;    ///< full angle, radians
  Vec3 right, down, forward;

  Camera() = default;
  Camera(Vec3 position, float yaw, float pitch, float fov, float roll = 0.0F);
  /// Focal length in pixels of an image of this side.
  [[nodiscard]] float focal(int side) const;
  /// Unit direction through pixel coordinates (x, y); the centre of pixel (r, c) is (c + 0.5, r + 0.5).
  [[nodiscard]] Vec3 direction(float x, float y, int side) const;
  /// A direction of the world in camera coordinates.
  [[nodiscard]] Vec3 to_camera(Vec3 v) const { return {dot(v, right), dot(v, down), dot(v, forward)}; }
};

/// The room's three axes as this camera names them: y is the horizontal axis nearest to the viewing
/// direction, x the one to its right, z up. A picture cannot tell which wall the plan calls x, so labels
/// name the axes in this way.
std::array<Vec3, 3> axes_seen_from(const Camera& camera);

/// How the views of one sample belong together. These are the SDK's view kinds, without the SDK.
enum class Views { single, fixated_pair, fixated_triplet, nonfixated_pair, matching_pair };

/// The cameras of one sample, and whether the centres of a matching pair show one point.
struct Rig {
  std::vector<Camera> cameras;
  bool match = true;
};

/// Chooses the cameras of sample `index`. The choice depends on the arguments alone. Matching pairs are
/// positive at even and negative at odd indices.
Rig choose_rig(const Stage& stage, Views kind, std::int64_t index, std::uint64_t seed,
               const Handling& handling = {});

/// Whether a camera may stand here: inside the room, `margin` metres or more off the walls and every object.
bool free_place(const Room& room, Vec3 eye, float margin);

}  // namespace taskonomy::scenes
