// A room: its plan, its look, all that stands in it and what lights it. Everything follows from kind and
// seed.
#pragma once

#include <cstdint>
#include <vector>

#include "plan.hpp"
#include "style.hpp"

namespace taskonomy::scenes {

/// A lamp (a ball) or a window (a rectangle shining into the room).
struct Light {
  Vec3 centre;
  float radius = 0.0F;          ///< of a ball; 0 for a rectangle
  Vec3 half_u, half_v, normal;  ///< half edges of a rectangle and the direction it shines in
  Vec3 power;                   ///< ball: radiant intensity, rectangle: radiance times area; linear RGB
};

/// Sunlight: arrives through window panes only.
struct Sun {
  bool shines = false;
  Vec3 towards;  ///< unit vector from the room to the sun
  Vec3 power;    ///< irradiance on a surface facing it
};

struct Room {
  RoomKind kind = RoomKind::bedroom;
  FloorPlan plan;
  Style style;
  std::vector<Placed>
      placed;  ///< first the building (floor, ceiling, walls, doors, windows), then the furniture
  std::size_t building = 0;  ///< how many of `placed` are the building
  std::vector<Light> lights;
  Sun sun;
  Vec3 ambient;  ///< irradiance of light that bounced more than once
};

/// Builds a room. [any thread]
Room make_room(RoomKind kind, std::uint64_t seed);

// Its steps, in order.
/// Floor, ceiling, walls with skirting, doors, windows: adds the building to room.placed, window light to
/// room.lights.
void build_shell(Room& room, Rng& rng);
/// Furniture by the rules of the room's kind.
void furnish(Room& room, Rng& rng);
/// Ceiling lamps, and the lights of every lamp in the room; then the ambient light that follows from them.
void light_room(Room& room, Rng& rng);

}  // namespace taskonomy::scenes
