// Images as tensors, for authors of datasets: reads PNG and JPEG files, writes PNG. A damaged, truncated or
// oversized file gives an error, never a crash.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include <taskonomy/sdk/torch.hpp>

#include <taskonomy/sdk/detail/api.hpp>

namespace taskonomy::sdk {

/// What is refused before memory is taken for it: a file of a few kilobytes may claim gigabytes of pixels.
struct ImageLimits {
  std::int64_t max_side = 16384;               ///< width and height, pixels
  std::int64_t max_pixels = 64 * 1024 * 1024;  ///< width * height
  std::int64_t max_bytes = 256 * 1024 * 1024;  ///< of the compressed file
};

/// The image of a file [C,H,W], C = 1 (grey) or 3 (RGB). Its first bytes tell PNG from JPEG, not its name. Up
/// to 8 bits a channel give uint8 0..255 (grey of 1, 2 and 4 bits is scaled to 0..255), 16 bits give int32
/// 0..65535. Palettes become RGB. Alpha is dropped, because labels and photographs are read as stored:
/// nothing is blended. Exif data that say which way up the image is are obeyed, all eight orientations, as
/// viewers do. CMYK is refused. Throws std::runtime_error "FILE: reason". [any thread]
[[nodiscard]] TX_API torch::Tensor read_image(const std::filesystem::path& file,
                                              const ImageLimits& limits = {});

/// The same from the bytes of a file; messages call it `name`.
[[nodiscard]] TX_API torch::Tensor decode_image(std::string_view bytes, const std::string& name,
                                                const ImageLimits& limits = {});

/// The bytes of a PNG file from an image [C,H,W], C = 1 or 3: 8 bits a channel from uint8, 16 bits from int32
/// (0..65535). The same pixels give the same bytes. Throws std::invalid_argument for other shapes, types or
/// values.
[[nodiscard]] TX_API std::string encode_png(const torch::Tensor& image);

/// How the pixels of a PNG file are packed.
enum class PngPacking {
  small,  ///< as libpng packs by itself
  quick   ///< in a tenth of the time where colours change gradually; files are up to half larger
};
/// The same, packed otherwise. The pixels are the same.
[[nodiscard]] TX_API std::string encode_png(const torch::Tensor& image, PngPacking packing);

/// Writes encode_png() to a file. Throws std::runtime_error "FILE: reason" when it cannot be written.
TX_API void write_png(const std::filesystem::path& file, const torch::Tensor& image);

}  // namespace taskonomy::sdk
