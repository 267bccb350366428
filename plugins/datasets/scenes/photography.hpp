// What a camera makes of the light that reaches it: from linear radiances to the bytes of a photograph.
#pragma once

#include <cstdint>
#include <vector>

#include "look.hpp"
#include "vec.hpp"

namespace taskonomy::scenes {

/// Makes a photograph of linear radiances [side*side]. Returns three planes of sRGB bytes.
///
/// The plain look has a little softness of the lens, automatic exposure and white balance, and a filmic tone
/// curve; `rng` varies the exposure as cameras do. The varied look draws one camera and one shot from `rng`:
/// focus and motion, exposure, white balance, vignetting, shot and read noise, blotches of colour noise, tone
/// curve, haze, saturation, sharpening.
std::vector<std::uint8_t> develop(std::vector<Vec3> radiance, int side, Look look, Rng& rng);

}  // namespace taskonomy::scenes
