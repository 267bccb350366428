// From a photograph's size to a sample's, for authors of datasets: crop to a square, then resize to side x
// side. Each kind of modality has a way of its own, so that depth and class ids are never averaged across
// borders. Images are [C,H,W].
#pragma once

#include <cstdint>

#include <taskonomy/sdk/torch.hpp>

#include <taskonomy/sdk/detail/api.hpp>

namespace taskonomy::sdk {

/// A square of pixels in an image.
struct Square {
  std::int64_t top = 0;
  std::int64_t left = 0;
  std::int64_t size = 0;
};

/// The largest square in the centre. Where the margin is odd, one more row or column is left out at the
/// bottom or right.
[[nodiscard]] TX_API Square centre_square(std::int64_t height, std::int64_t width);

/// The square of `size` pixels around a point: its centre lies within half a pixel of (x, y), in pixel
/// coordinates with the first pixel's centre at 0.5, unless it would leave the image and is moved inwards. So
/// a point that two views see lies in the middle of both crops. Throws std::invalid_argument when the image
/// is smaller than the square.
[[nodiscard]] TX_API Square square_around(double x, double y, std::int64_t size, std::int64_t height,
                                          std::int64_t width);

/// Photographs uint8 [C,H,W] -> uint8 [C,side,side]: the mean over the area of each new pixel, rounded. Exact
/// for any ratio: a pixel on the border of two new ones counts in each by the share of it that lies there.
[[nodiscard]] TX_API torch::Tensor resize_area(const torch::Tensor& image, const Square& square,
                                               std::int64_t side);

/// Class ids or other labels of any type [C,H,W] -> [C,side,side]: the pixel under each new pixel's centre.
[[nodiscard]] TX_API torch::Tensor resize_nearest(const torch::Tensor& image, const Square& square,
                                                  std::int64_t side);

/// Depth float32 [1,H,W] in metres, 0 = no reading -> [1,side,side]. Each new pixel is 0 when fewer than half
/// of the pixels under it have a reading, otherwise the mean of those readings within 5 % of their median. So
/// noise averages out, foreground and background never mix, and pixels without a reading have no weight.
[[nodiscard]] TX_API torch::Tensor resize_depth(const torch::Tensor& depth, const Square& square,
                                                std::int64_t side);

/// Responses and shading float32 [C,H,W], NaN = none -> [C,side,side]: the mean of the pixels that have a
/// value, NaN where fewer than half have one.
[[nodiscard]] TX_API torch::Tensor resize_mean(const torch::Tensor& values, const Square& square,
                                               std::int64_t side);

/// Intrinsics float32 [3,3] of the whole image -> those of the cropped and resized one. Exact, because pixel
/// centres lie at + 0.5.
[[nodiscard]] TX_API torch::Tensor resize_intrinsics(const torch::Tensor& intrinsics, const Square& square,
                                                     std::int64_t side);

}  // namespace taskonomy::sdk
