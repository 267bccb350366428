// A room: its plan, its look, all that stands in it and what lights it. All of it follows from the kind and
// the seed.
#pragma once

#include <cstdint>
#include <vector>

#include "look.hpp"
#include "placer.hpp"
#include "style.hpp"

namespace taskonomy::scenes {

/// A lamp (a ball) or a window (a rectangle shining into the room).
struct Light {
  Vec3 centre;
  float radius = 0.0F;          ///< of a ball; 0 for a rectangle
  Vec3 half_u, half_v, normal;  ///< half edges of a rectangle and the direction it shines in
  Vec3 power;                   ///< ball: radiant intensity, rectangle: radiance times area; linear RGB
};

/// Sunlight. It arrives through window panes only.
struct Sun {
  bool shines = false;
  Vec3 towards;  ///< unit vector from the room to the sun
  Vec3 power;    ///< irradiance on a surface facing it
};

struct Room {
  RoomKind kind = RoomKind::bedroom;
  FloorPlan plan;
  Style style;
  std::vector<Placed> placed;  ///< the building (floor, ceiling, walls, doors, windows), then the furniture
  std::size_t building = 0;    ///< how many of `placed` are the building
  std::vector<Light> lights;
  Sun sun;
  Vec3 ambient;  ///< irradiance of light that bounced more than once
};

/// Builds a room. Its geometry and labels do not depend on the look. [any thread]
Room make_room(RoomKind kind, std::uint64_t seed, Look look = Look::plain);

// The steps of building a room, in order.

/// Adds floor, ceiling, walls with skirting, doors and windows to room.placed, and the windows' light to
/// room.lights.
void build_shell(Room& room, Rng& rng);
/// Adds furniture by the rules of the room's kind.
void furnish(Room& room, Rng& rng);
/// Adds ceiling lamps and the lights of every lamp in the room.
void light_room(Room& room, Rng& rng);
/// Sets the ambient light that follows from the lights and the walls.
void bounce_light(Room& room);

}  // namespace taskonomy::scenes
