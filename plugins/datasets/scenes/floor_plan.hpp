// The floor plan of a room: an axis-aligned polygon, its walls, doors and windows.
#pragma once

#include <vector>

#include "classes.hpp"
#include "random.hpp"
#include "vec.hpp"

namespace taskonomy::scenes {

/// A stretch of wall seen from inside: from a to b with the room on the left.
struct Wall {
  Vec3 a, b;
  Vec3 along;   ///< unit vector a -> b
  Vec3 inward;  ///< unit normal into the room
  float length = 0.0F;
  /// Where an object's frame stands when its back is `gap` in front of the wall, at distance s from a.
  [[nodiscard]] Stand at(float s, float gap, float z) const;
};

/// A door or a window in a wall, metres along the wall and above the floor.
struct Opening {
  bool door = false;
  int wall = 0;
  float from = 0.0F, to = 0.0F, bottom = 0.0F, top = 0.0F;
};

/// Counter-clockwise corners at z = 0; wall i runs from corner i to corner i+1.
struct FloorPlan {
  std::vector<Vec3> corners;
  float height = 2.5F;
  std::vector<Wall> walls;
  std::vector<Opening> openings;

  [[nodiscard]] bool contains(float x, float y) const;
  /// Distance to the nearest wall, metres.
  [[nodiscard]] float distance_to_walls(float x, float y) const;
  [[nodiscard]] Box bounds() const;
  /// The floor as one rectangle, or an L as two: it is split at its inner corner, the one inside the bounds.
  [[nodiscard]] std::vector<Box> rectangles() const;
  [[nodiscard]] float floor_area() const;
  [[nodiscard]] bool has_opening(int wall, bool door) const;
};

/// Draws a box or L-shaped plan of a kind's usual size, with its doors and windows.
FloorPlan make_plan(RoomKind kind, Rng& rng);

}  // namespace taskonomy::scenes
