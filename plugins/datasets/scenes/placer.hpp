// Putting things into a room: nothing interpenetrates, nothing leaves the room, doors and windows stay free.
#pragma once

#include <vector>

#include "floor_plan.hpp"
#include "furniture.hpp"
#include "random.hpp"
#include "vec.hpp"

namespace taskonomy::scenes {

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

  /// Puts a thing exactly here, or not at all. `over_windows` lets curtains and the like hang before a
  /// window.
  int put_at(Object object, const Stand& stand, bool over_windows = false);
  /// Puts it with its back to a wall.
  int put_at_wall(const Object& object, const WallSpot& spot = {});
  /// Puts it anywhere in the room, turned by quarter turns or by any angle, `from_walls` metres off the
  /// walls.
  int put_free_standing(const Object& object, bool any_angle, float from_walls, int tries = 30);
  /// Puts it on a support of a placed thing, anywhere that is free; `turn` is the largest random turn,
  /// radians.
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
