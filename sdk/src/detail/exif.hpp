// Which way up a photograph is to be shown. A camera that is turned stores its rows as the sensor has them and notes in
// the Exif data how a viewer must turn them; every viewer does.
#pragma once

#include <string_view>

#include <taskonomy/sdk/torch.hpp>

namespace taskonomy::sdk {

/// The orientation 1..8 in Exif data, which are a small TIFF file ("II*\0..." or "MM\0*..."), as the tag 0x0112 of
/// its first directory says. 1 (as stored) where there is none, where it is another number, and for damaged data.
[[nodiscard]] int exif_orientation(std::string_view tiff);

/// An image [C,H,W] as it is to be shown, contiguous. Orientations 5 to 8 exchange height and width.
[[nodiscard]] torch::Tensor turn_upright(const torch::Tensor& image, int orientation);

}  // namespace taskonomy::sdk
