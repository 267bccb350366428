#include "sdk/src/detail/exif.hpp"

#include <cstdint>
#include <optional>

namespace taskonomy::sdk {

namespace {

/// Numbers of a TIFF file, in its byte order. Nothing where the file ends before.
class TiffNumbers {
 public:
  TiffNumbers(std::string_view bytes, bool little_endian) : bytes_(bytes), little_endian_(little_endian) {}
  [[nodiscard]] std::optional<std::uint32_t> read(std::uint64_t at, std::uint64_t size) const {
    if (at + size > bytes_.size()) return std::nullopt;
    std::uint32_t value = 0;
    for (std::uint64_t i = 0; i < size; ++i) {
      const std::uint64_t next = little_endian_ ? at + size - 1 - i : at + i;
      value = value << 8U | static_cast<unsigned char>(bytes_[next]);
    }
    return value;
  }

 private:
  std::string_view bytes_;
  bool little_endian_;
};

torch::Tensor turned(const torch::Tensor& image, int orientation) {
  constexpr int kRows = 1, kColumns = 2;
  switch (orientation) {
    case 2:  // mirrored
      return image.flip({kColumns});
    case 3:  // upside down
      return image.flip({kRows, kColumns});
    case 4:  // mirrored and upside down
      return image.flip({kRows});
    case 5:  // mirrored at the diagonal from the top left
      return image.transpose(kRows, kColumns);
    case 6:  // to be turned a quarter clockwise
      return image.transpose(kRows, kColumns).flip({kColumns});
    case 7:  // mirrored at the other diagonal
      return image.transpose(kRows, kColumns).flip({kRows, kColumns});
    case 8:  // to be turned a quarter counter-clockwise
      return image.transpose(kRows, kColumns).flip({kRows});
    default:
      return image;
  }
}

}  // namespace

int exif_orientation(std::string_view tiff) {
  constexpr std::uint32_t kMagic = 42, kOrientation = 0x0112, kShort = 3;
  constexpr std::uint64_t kEntry = 12;  // bytes: tag 2, type 2, count 4, value 4
  const bool little_endian = tiff.starts_with("II");
  if (!little_endian && !tiff.starts_with("MM")) return 1;
  const TiffNumbers numbers(tiff, little_endian);
  if (numbers.read(2, 2) != kMagic) return 1;
  const auto directory = numbers.read(4, 4);
  const auto entries = directory ? numbers.read(*directory, 2) : std::nullopt;
  for (std::uint64_t i = 0; entries && i < *entries; ++i) {
    const std::uint64_t entry = *directory + std::uint64_t{2} + i * kEntry;
    const auto tag = numbers.read(entry, 2);
    if (!tag) return 1;
    if (*tag != kOrientation) continue;
    const auto value = numbers.read(entry + 8, 2);
    const bool known = numbers.read(entry + 2, 2) == kShort && value && *value >= 1 && *value <= 8;
    return known ? static_cast<int>(*value) : 1;
  }
  return 1;
}

torch::Tensor turn_upright(const torch::Tensor& image, int orientation) {
  return turned(image, orientation).contiguous();
}

}  // namespace taskonomy::sdk
