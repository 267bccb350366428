// CIELAB: colours whose Euclidean distance is about what a person sees; a distance of 2 is just noticeable.
// sRGB (IEC 61966-2-1) and white point D65, CIE 15:2004. L* = 0..100 (lightness), a* and b* are chroma: grey
// has a* = b* = 0, and no sRGB colour leaves -86.2..98.3 in a* and -107.9..94.5 in b*.
#pragma once

#include <taskonomy/sdk/torch.hpp>

#include <taskonomy/sdk/detail/api.hpp>

namespace taskonomy::sdk {

/// sRGB [...,3,H,W] of any type, 0..255 -> float32 [...,3,H,W]: L*, a*, b*.
[[nodiscard]] TX_API torch::Tensor lab_from_rgb(const torch::Tensor& rgb);

/// L*, a*, b* [...,3,H,W] -> sRGB float32 of the same shape in 0..255. Colours that no screen can show are
/// clipped channel by channel.
[[nodiscard]] TX_API torch::Tensor rgb_from_lab(const torch::Tensor& lab);

}  // namespace taskonomy::sdk
