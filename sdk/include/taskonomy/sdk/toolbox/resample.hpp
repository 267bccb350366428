// From a photograph's size to a sample's: centre crop to a square, then resize to side x side. Every kind of
// modality has its own way, so that depth and class ids are never averaged across borders. Images are
// [C,H,W].
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

/// The largest centred square; an odd row or column is left out at the bottom or right.
[[nodiscard]] TX_API Square centre_square(std::int64_t height, std::int64_t width);

/// The square of `size` pixels whose centre lies within half a pixel of (x, y) (pixel coordinates, the first
/// pixel's centre at 0.5), moved inwards where it would leave the image: so that a point seen in two views
/// lies in the middle of both crops. Throws std::invalid_argument when the image is smaller than the square.
[[nodiscard]] TX_API Square square_around(double x, double y, std::int64_t size, std::int64_t height,
                                          std::int64_t width);

/// rgb uint8 [C,H,W] -> uint8 [C,side,side]: the mean over the area of each new pixel, rounded. Exact for any
/// ratio: a source pixel on the border of two new ones counts by the share of it that lies in each.
[[nodiscard]] TX_API torch::Tensor resize_area(const torch::Tensor& image, const Square& square,
                                               std::int64_t side);

/// Class ids or other labels of any type [C,H,W] -> [C,side,side]: the source pixel under each new pixel's
/// centre.
[[nodiscard]] TX_API torch::Tensor resize_nearest(const torch::Tensor& image, const Square& square,
                                                  std::int64_t side);

/// Depth float32 [1,H,W] in metres, 0 = no reading -> [1,side,side]. Of the source pixels under each new
/// pixel: 0 when fewer than half have a reading; otherwise the mean of those readings within 5 % of their
/// median, so that noise averages out while foreground and background never mix and pixels without a reading
/// weigh nothing.
[[nodiscard]] TX_API torch::Tensor resize_depth(const torch::Tensor& depth, const Square& square,
                                                std::int64_t side);

/// Responses and shading float32 [C,H,W], NaN = none -> [C,side,side]: the mean of the pixels that have a
/// value; NaN where fewer than half have one.
[[nodiscard]] TX_API torch::Tensor resize_mean(const torch::Tensor& values, const Square& square,
                                               std::int64_t side);

/// Intrinsics float32 [3,3] of the whole image -> of the cropped and resized one; exact with pixel centres at
/// +0.5.
[[nodiscard]] TX_API torch::Tensor resize_intrinsics(const torch::Tensor& intrinsics, const Square& square,
                                                     std::int64_t side);

}  // namespace taskonomy::sdk
