// Images as tensors: PNG and JPEG files in, PNG out. Damaged, truncated or oversized files give an error,
// never a crash.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include <taskonomy/sdk/torch.hpp>

#include <taskonomy/sdk/detail/api.hpp>

namespace taskonomy::sdk {

/// What a decoder refuses before it allocates: an image of a few kilobytes may claim gigabytes of pixels.
struct ImageLimits {
  std::int64_t max_side = 16384;               ///< width and height, pixels
  std::int64_t max_pixels = 64 * 1024 * 1024;  ///< width * height
  std::int64_t max_bytes = 256 * 1024 * 1024;  ///< of the compressed file
};

/// The image in a file, PNG or JPEG by its first bytes, not by its name -> [C,H,W], C = 1 (grey) or 3 (RGB).
/// 8 bits and fewer a channel: uint8 0..255 (1, 2 and 4 bit grey is scaled to 0..255). 16 bits: int32
/// 0..65535. Palettes become RGB. Alpha is dropped: labels and photographs are read as stored, nothing is
/// blended. Throws std::runtime_error "FILE: reason". [any thread]
[[nodiscard]] TX_API torch::Tensor read_image(const std::filesystem::path& file,
                                              const ImageLimits& limits = {});

/// The same from bytes; `name` stands for the file in messages.
[[nodiscard]] TX_API torch::Tensor decode_image(std::string_view bytes, const std::string& name,
                                                const ImageLimits& limits = {});

/// A PNG file's bytes from [C,H,W], C = 1 or 3: uint8 gives 8 bits a channel, int32 (0..65535) 16 bits.
/// Throws std::invalid_argument for other shapes, types or values. Same bytes for the same pixels.
[[nodiscard]] TX_API std::string encode_png(const torch::Tensor& image);

/// encode_png() to a file. Throws std::runtime_error "FILE: reason" when it cannot be written.
TX_API void write_png(const std::filesystem::path& file, const torch::Tensor& image);

}  // namespace taskonomy::sdk
