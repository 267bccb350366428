// Damaged files by the thousand: every reader of the dataset gives a value or an error that names the file,
// and never crashes. 5,000 inputs in all as a rule (tests/support/mutation.hpp).
#include <array>
#include <string>

#include <taskonomy/sdk/image.hpp>
#include <taskonomy/sdk/toolbox/npy.hpp>

#include "plugins/datasets/taskonomy/point_info.hpp"
#include "tests/support/mutation.hpp"

using namespace taskonomy;
using tests::survive;

namespace {

int inputs() { return tests::mutations(5000); }

/// The CRC of PNG chunks (ISO 3309), bit by bit.
std::uint32_t crc_of(const std::string& bytes, std::size_t first, std::size_t last) {
  std::uint32_t crc = 0xffffffffU;
  for (std::size_t i = first; i < last; ++i) {
    crc ^= static_cast<unsigned char>(bytes[i]);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0xedb88320U : 0U);
  }
  return ~crc;
}

/// Makes the checksums right again, so that damage gets past them and into the decoder.
void mend_png(std::string& bytes) {
  const auto byte = [&](std::size_t i) {
    return static_cast<std::size_t>(static_cast<unsigned char>(bytes[i]));
  };
  for (std::size_t at = 8; at + 12 <= bytes.size();) {
    const std::size_t length = byte(at) << 24U | byte(at + 1) << 16U | byte(at + 2) << 8U | byte(at + 3);
    if (length > bytes.size() - at - 12) return;
    const std::uint32_t crc = crc_of(bytes, at + 4, at + 8 + length);
    for (unsigned i = 0; i < 4; ++i)
      bytes[at + 8 + length + i] = static_cast<char>((crc >> (24U - 8U * i)) & 0xffU);
    at += 12 + length;
  }
}

std::string read_image(const std::string& bytes) {
  const torch::Tensor image = sdk::decode_image(bytes, "damaged.file", {4096, 1 << 18, 1 << 20});
  return image.dim() == 3 && image.numel() > 0 ? "" : "an image without pixels";
}

std::string read_npy(const std::string& bytes) {
  const torch::Tensor values = sdk::decode_npy(bytes, "damaged.file", {1 << 16, 1 << 20});
  // Reads every value: bytes beyond the end would show here.
  (void)values.to(torch::kFloat64).sum().item<double>();
  return values.is_contiguous() && values.numel() <= (1 << 16) ? "" : "an array larger than the limit";
}

std::string read_point_info(const std::string& text) {
  using namespace taskonomy_dataset;
  const PointInfo info = parse_point_info(text, "damaged.file");
  for (const auto& make : {pose_of, room_layout_of, vanishing_points_of}) {
    try {
      if (!make(info).isfinite().all().item<bool>()) return "a label that is not finite";
    } catch (const std::runtime_error&) {
      continue;  // a key is missing
    }
  }
  return "";
}

std::string npy_file(std::vector<std::int64_t> shape, torch::Dtype dtype) {
  return sdk::encode_npy(torch::ones(shape, dtype));
}

const char* const kJson =
    R"({"camera_location": [1.5, -2.25, 1.6], "camera_rotation_final": [1.5, 0.01, -2.0], "resolution": 512,
"field_of_view_rads": 1.05, "point_uuid": "12", "nonfixated_points_in_view": ["1", 22, "003"],
"bounding_box_ranges": {"x": [-1, 4], "y": [0, 6.5], "z": [0, 2.5]}, "room": "kitchen",
"vanishing_points_gaussian_sphere": {"x": [0.96, 0.28, 0], "y": [-0.28, 0.96, 0], "z": [0, 0, 1]},
"camera_intrinsics": {"fx": 300, "fy": 300, "cx": 128, "cy": 96}})";

}  // namespace

TEST_CASE("damaged PNGs give an image or an error") {
  torch::manual_seed(1);
  for (const auto& image : {torch::randint(0, 256, {3, 17, 23}, torch::kUInt8),
                            torch::randint(0, 65536, {1, 17, 23}, torch::kInt32)})
    survive(sdk::encode_png(image), inputs() / 5, "damaged.file", read_image, mend_png);
}

TEST_CASE("damaged npy files give an array or an error") {
  for (const auto& file : {npy_file({1000}, torch::kFloat32), npy_file({7, 3, 5}, torch::kFloat16),
                           npy_file({4, 4}, torch::kBool), npy_file({}, torch::kInt64)})
    survive(file, inputs() * 3 / 40, "damaged.file", read_npy);
}

TEST_CASE("damaged point info gives finite labels or an error") {
  survive(kJson, inputs() * 3 / 10, "damaged.file", read_point_info);
}
