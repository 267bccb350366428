// The floor plan of a room (an axis-aligned polygon, its walls, doors and windows), and putting things into
// it: nothing interpenetrates, nothing leaves the room, doors and windows stay free.
#pragma once

#include <vector>

#include "classes.hpp"
#include "furniture.hpp"
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
  [[nodiscard]] float floor_area() const;
  [[nodiscard]] bool has_opening(int wall, bool door) const;
};

/// Draws a box or L-shaped plan of a kind's usual size, with its doors and windows.
FloorPlan make_plan(RoomKind kind, Rng& rng);

/// An upright box turned about z: one hull of a placed object, or a zone that has to stay free.
struct Solid {
  Vec3 centre;  ///< middle of its foot print, z unused
  float half_x, half_y;
  float yaw;
  float z0, z1;
};

/// How deep two solids overlap, metres; 0 or less where they do not.
float overlap(const Solid& a, const Solid& b);
/// The solid of a hull box of an object that stands at `stand`.
Solid solid_of(const Box& hull, const Stand& stand);
/// Whether a point, grown by `margin`, lies inside the solid.
bool inside(const Solid& solid, Vec3 point, float margin);

/// A thing at its place.
struct Placed {
  Object object;
  Stand stand;
  std::vector<Solid> solids;               ///< its hulls in the room
  Solid around{{0, 0, 0}, 0, 0, 0, 0, 0};  ///< one solid around all of them
};

/// Where along a wall a thing prefers to stand.
enum class Along { anywhere, corner, middle };

/// What a placement at a wall may ask for.
struct WallSpot {
  Along along = Along::anywhere;
  int wall = -1;                 ///< a certain wall, or any
  float z = 0.0F;                ///< height of the object's foot
  float gap = 0.02F;             ///< behind it (the skirting board)
  bool avoid_door_wall = false;  ///< not at a wall with a door
  float free_in_front = 0.0F;    ///< metres before it that must be free, and stay so
  int tries = 30;
};

/// Fills a room. Every function returns the index of the placed thing or -1 when it found no place.
class Placer {
 public:
  Placer(const FloorPlan& plan, std::vector<Placed>& placed, Rng& rng);

  /// Puts a thing exactly here, or not at all. `over_windows` lets curtains and the like hang
  /// before a window.
  int put_at(Object object, const Stand& stand, bool over_windows = false);
  /// Puts it with its back to a wall.
  int put_at_wall(const Object& object, const WallSpot& spot = {});
  /// Puts it anywhere in the room, turned by quarter turns or by any angle, `from_walls`
  /// metres off the walls.
  int put_free_standing(const Object& object, bool any_angle, float from_walls, int tries = 30);
  /// Puts it on a support of a placed thing, anywhere that is free; `turn` is the largest
  /// random turn, radians.
  int put_on_top(int parent, const Object& object, float turn = 0.3F, int tries = 8);
  /// Puts it on a given support of a placed thing, at the given place of that thing's frame.
  int put_on_support(int parent, std::size_t support, const Object& object, float x, float y, float turn);
  /// Keeps this part of the room free of everything placed from now on.
  void keep_free(const Solid& zone) { zones_.push_back({zone, false}); }

  [[nodiscard]] bool fits(const Object& object, const Stand& stand, bool over_windows) const;
  [[nodiscard]] const Placed& operator[](int i) const { return placed_[static_cast<std::size_t>(i)]; }

 private:
  struct Zone {
    Solid solid;
    bool window;
  };
  const FloorPlan& plan_;
  std::vector<Placed>& placed_;
  Rng& rng_;
  std::vector<Zone> zones_;
};

}  // namespace taskonomy::scenes
