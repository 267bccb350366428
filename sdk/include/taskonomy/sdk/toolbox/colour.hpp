// Colours in CIELAB, for tasks that predict or compare colours: the Euclidean distance of two colours is
// about what a person sees, and a distance of 2 is just noticeable. L* is lightness, 0..100; a* and b* are
// chroma, both 0 for grey. No sRGB colour leaves -86.2..98.3 in a* and -107.9..94.5 in b*. sRGB is that of
// IEC 61966-2-1, the white point D65 (CIE 15:2004).
#pragma once

#include <taskonomy/sdk/torch.hpp>

#include <taskonomy/sdk/detail/api.hpp>

namespace taskonomy::sdk {

/// sRGB [...,3,H,W] of any type, 0..255 -> L*, a*, b* as float32 [...,3,H,W].
[[nodiscard]] TX_API torch::Tensor lab_from_rgb(const torch::Tensor& rgb);

/// L*, a*, b* [...,3,H,W] -> sRGB as float32 [...,3,H,W], 0..255. Colours that sRGB lacks are clipped channel
/// by channel.
[[nodiscard]] TX_API torch::Tensor rgb_from_lab(const torch::Tensor& lab);

}  // namespace taskonomy::sdk
