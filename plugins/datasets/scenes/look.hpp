// The varied look: rooms and shots that differ as photographs of strangers' rooms do. It is for networks that
// are to see photographs after they have learned from rendered rooms (domain randomisation, Tobin et al., IROS
// 2017). It leaves geometry and labels of a room as they are, and holds the camera in another way.
#pragma once

#include "random.hpp"

namespace taskonomy::scenes {

struct Room;
struct Style;

enum class Look {
  plain,   ///< tidy finishes, even light, a good camera held level
  varied,  ///< worn and printed finishes, any light, any camera, held as people hold theirs
};

/// How cameras are held: what choose_rig draws from. The defaults are the plain look.
struct Handling {
  float narrowest = 48.0F, widest = 75.0F;  ///< full field of view, degrees
  float lowest = 0.6F, highest = 1.9F;      ///< height of the eye, metres; the middle is likeliest
  float down = 0.42F, up = 0.1F;            ///< largest pitch, radians
  float roll = 0.0F;                        ///< standard deviation, radians
};

[[nodiscard]] Handling handling_of(Look look);

/// Draws finishes anew: other colours, patterned walls, blotches of wear, papers stuck to walls.
void vary_finishes(Style& style, Rng& rng);

/// Draws lamps, windows and the sun anew: brightness, colour and size of each; some lamps are out of order.
void vary_lights(Room& room, Rng& rng);

/// Draws how much of the light comes back from walls: dark corners to no shadows. Call it on the room's
/// ambient light.
void vary_ambient(Room& room, Rng& rng);

}  // namespace taskonomy::scenes
