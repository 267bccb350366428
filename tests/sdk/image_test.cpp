// Images: what is written is what is read; damaged files give errors that name them and never crash.
#include "tests/support/testing.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <string>

#include <taskonomy/sdk/image.hpp>

#include "tests/support/mutation.hpp"

using namespace taskonomy;

namespace {

/// A 24 x 16 baseline JPEG, quality 75: red = 11 column, green = 17 row, blue = 64.
std::string small_jpeg() {
  static const std::string hex =
      "ffd8ffe000104a46494600010100000100010000ffdb004300080606070605080707070909080a0c140d0c0b0b0c1912130f14"
      "1d"
      "1a1f1e1d1a1c1c20242e2720222c231c1c2837292c30313434341f27393d38323c2e333432ffdb0043010909090c0b0c180d0d"
      "18"
      "32211c213232323232323232323232323232323232323232323232323232323232323232323232323232323232323232323232"
      "32"
      "3232ffc00011080010001803012200021101031101ffc40017000003010000000000000000000000000000050607ffc4001810"
      "00"
      "0203000000000000000000000000000004052231ffc400160101010100000000000000000000000000050407ffc4001c110002"
      "02"
      "02030000000000000000000000000504210131022361ffda000c03010002110311003f00cd5581ca0e9581ca16cac0e5074ac0"
      "e5"
      "02a437f4814bdd5912ac0e500d41581ca004736f7b3438af7af167ffd9";
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2)
    bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  return bytes;
}

/// Exif data that hold an orientation and nothing else: a TIFF header and a directory of one entry.
std::string exif_of(int orientation, bool little_endian) {
  const auto number = [&](unsigned value, int size) {
    std::string bytes;
    for (int i = 0; i < size; ++i)
      bytes += static_cast<char>(value >> 8U * static_cast<unsigned>(little_endian ? i : size - 1 - i));
    return bytes;
  };
  return std::string(little_endian ? "II" : "MM") + number(42, 2) + number(8, 4) + number(1, 2) +
         number(0x0112, 2) + number(3, 2) + number(1, 4) + number(static_cast<unsigned>(orientation), 2) +
         number(0, 2) + number(0, 4);
}

/// The JPEG with Exif data in its first segment.
std::string with_exif(const std::string& jpeg, const std::string& tiff) {
  const std::string content = std::string("Exif\0\0", 6) + tiff;
  const std::size_t length = content.size() + 2;
  return jpeg.substr(0, 2) + "\xff\xe1" + static_cast<char>(length >> 8U) +
         static_cast<char>(length & 0xffU) + content + jpeg.substr(2);
}

/// Where Exif says that the stored row 0 and column 0 are seen: 't'op, 'b'ottom, 'l'eft, 'r'ight (Exif 2.3, tag
/// Orientation).
struct Seen {
  char row_0, column_0;
};

/// The image as it is seen, pixel by pixel.
torch::Tensor seen(const torch::Tensor& stored, Seen at) {
  const bool turned = at.row_0 == 'l' || at.row_0 == 'r';
  const std::int64_t height = stored.size(turned ? 2 : 1), width = stored.size(turned ? 1 : 2);
  torch::Tensor image = torch::zeros({stored.size(0), height, width}, stored.scalar_type());
  for (std::int64_t r = 0; r < stored.size(1); ++r)
    for (std::int64_t c = 0; c < stored.size(2); ++c) {
      std::int64_t y = 0, x = 0;
      const auto place = [&](char side, std::int64_t steps) {
        if (side == 't') y = steps;
        if (side == 'b') y = height - 1 - steps;
        if (side == 'l') x = steps;
        if (side == 'r') x = width - 1 - steps;
      };
      place(at.row_0, r);
      place(at.column_0, c);
      image.select(1, y).select(1, x).copy_(stored.select(1, r).select(1, c));
    }
  return image;
}

std::string message_of(const std::string& bytes, const sdk::ImageLimits& limits = {}) {
  try {
    (void)sdk::decode_image(bytes, "photo.png", limits);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

torch::Tensor random_image(std::int64_t channels, bool wide) {
  torch::manual_seed(channels);
  return wide ? torch::randint(0, 65536, {channels, 17, 23}, torch::kInt32)
              : torch::randint(0, 256, {channels, 17, 23}, torch::kUInt8);
}

/// Decodes `count` random mutations (bytes changed, cut, doubled) of a file; every one must give an image or
/// an error that names the file.
void survive_mutations(const std::string& original, int count) {
  std::mt19937 generator(12345);
  int decoded = 0, refused = 0;
  const sdk::ImageLimits limits{4096, 1 << 20, 1 << 20};
  for (int i = 0; i < count; ++i) {
    std::string bytes = original;
    const auto place = [&] { return generator() % bytes.size(); };
    for (unsigned edit = 0; edit <= generator() % 4; ++edit) bytes[place()] = static_cast<char>(generator());
    if (generator() % 4 == 0) bytes.resize(1 + place());
    if (generator() % 8 == 0) bytes.insert(place(), bytes.substr(place(), generator() % 64));
    try {
      const torch::Tensor image = sdk::decode_image(bytes, "photo.png", limits);
      if (image.dim() != 3 || image.numel() == 0) FAIL("an image without pixels");
      ++decoded;
    } catch (const std::runtime_error& error) {
      if (std::string(error.what()).rfind("photo.png: ", 0) != 0) FAIL(error.what());
      ++refused;
    }
  }
  CHECK(decoded + refused == count);
  CHECK(refused > count / 4);
}

}  // namespace

TEST_CASE("PNG: 8 and 16 bit, grey and RGB come back bit for bit") {
  for (const std::int64_t channels : {1, 3}) {
    for (const bool wide : {false, true}) {
      const torch::Tensor image = random_image(channels, wide);
      const torch::Tensor back = sdk::decode_image(sdk::encode_png(image), "x.png");
      CHECK((back.scalar_type() == image.scalar_type()));
      CHECK(back.is_contiguous());
      CHECK(torch::equal(back, image));
      const auto quick = sdk::encode_png(image, sdk::PngPacking::quick);
      CHECK(torch::equal(sdk::decode_image(quick, "x.png"), image));
      CHECK(torch::equal(sdk::decode_image(sdk::encode_png(image.transpose(1, 2)), "x.png"),
                         image.transpose(1, 2)));
    }
  }
  CHECK_THROWS_AS((void)sdk::encode_png(torch::zeros({2, 4, 4}, torch::kUInt8)), std::invalid_argument);
  CHECK_THROWS_AS((void)sdk::encode_png(torch::full({1, 4, 4}, 70000, torch::kInt32)), std::invalid_argument);
  CHECK_THROWS_AS((void)sdk::encode_png(torch::zeros({1, 4, 4})), std::invalid_argument);
}

TEST_CASE("JPEG: shape, type and colours") {
  const torch::Tensor image = sdk::decode_image(small_jpeg(), "ramp.jpg");
  CHECK((image.sizes() == torch::IntArrayRef({3, 16, 24})));
  CHECK((image.scalar_type() == torch::kUInt8));
  const torch::Tensor mean = image.to(torch::kFloat32).mean(torch::IntArrayRef({1, 2}));
  CHECK(image[0][8][22].item<int>() > image[0][8][1].item<int>() + 150);    // red grows to the right
  CHECK(image[1][15][12].item<int>() > image[1][0][12].item<int>() + 150);  // green grows downwards
  CHECK(mean[2].item<float>() == doctest::Approx(64.0).epsilon(0.1));
}

TEST_CASE("JPEG: all eight orientations of Exif are obeyed, in both byte orders; damaged Exif data are not") {
  constexpr Seen kSeen[] = {{'t', 'l'}, {'t', 'r'}, {'b', 'r'}, {'b', 'l'},
                            {'l', 't'}, {'r', 't'}, {'r', 'b'}, {'l', 'b'}};
  const torch::Tensor stored = sdk::decode_image(small_jpeg(), "x.jpg");
  const auto shown = [&](const std::string& tiff) {
    return sdk::decode_image(with_exif(small_jpeg(), tiff), "x.jpg");
  };
  for (int orientation = 1; orientation <= 8; ++orientation)
    for (const bool little_endian : {true, false}) {
      CAPTURE(orientation);
      const torch::Tensor image = shown(exif_of(orientation, little_endian));
      CHECK(image.is_contiguous());
      CHECK(torch::equal(image, seen(stored, kSeen[orientation - 1])));
    }
  for (const int unknown : {0, 9, 65535}) CHECK(torch::equal(shown(exif_of(unknown, true)), stored));
  const std::string whole = exif_of(6, true);
  for (std::size_t length = 0; length + 5 < whole.size(); ++length) {
    const torch::Tensor image = shown(whole.substr(0, length));
    if (length < whole.size() - 6) CHECK(torch::equal(image, stored));
  }
  std::string far = whole;
  far.replace(4, 4, "\xff\xff\xff\xff");  // a directory far behind the end
  CHECK(torch::equal(shown(far), stored));
}

TEST_CASE("JPEG: CMYK is refused with what to do about it") {
  // The header alone: four components in the frame.
  std::string jpeg = "\xff\xd8\xff\xc0";
  jpeg += std::string("\x00\x14\x08\x00\x10\x00\x10\x04", 8);
  for (char component = 1; component <= 4; ++component) jpeg += std::string{component, '\x11', '\0'};
  jpeg += std::string("\xff\xda\x00\x0e\x04\x01\x00\x02\x00\x03\x00\x04\x00\x00\x3f\x00", 16);
  CHECK(message_of(jpeg) == "photo.png: a JPEG of four colours (CMYK), made for printing; save it as RGB");
}

TEST_CASE("errors name the file and the reason") {
  const std::string png = sdk::encode_png(random_image(3, false));
  CHECK(message_of("") == "photo.png: an empty file");
  CHECK(message_of("GIF89a...") == "photo.png: neither a PNG nor a JPEG image");
  CHECK(message_of(png.substr(0, png.size() / 2)).find("truncated") != std::string::npos);
  CHECK(message_of(png.substr(0, 20)).find("photo.png: not a readable PNG: truncated") == 0);
  CHECK(message_of(small_jpeg().substr(0, small_jpeg().size() - 8)).find("photo.png: damaged JPEG") == 0);
  std::string flipped = png;
  flipped[png.size() / 2] = static_cast<char>(~flipped[png.size() / 2]);
  CHECK(message_of(flipped).find("photo.png: damaged PNG: ") == 0);
  CHECK(message_of(png, {16, 1 << 20, 1 << 20}).find("claims 23 x 17 pixels, at most 16 a side") !=
        std::string::npos);
  CHECK(message_of(small_jpeg(), {4096, 100, 1 << 20}).find("claims 24 x 16 pixels") != std::string::npos);
}

TEST_CASE("files: written whole, read back, missing ones named") {
  const auto folder = std::filesystem::temp_directory_path() / ("image_test_" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  const torch::Tensor image = random_image(1, true);
  sdk::write_png(folder / "depth.png", image);
  CHECK(torch::equal(sdk::read_image(folder / "depth.png"), image));
  CHECK_THROWS_WITH_AS((void)sdk::read_image(folder / "none.png"),
                       ((folder / "none.png").string() + ": cannot read: No such file or directory").c_str(),
                       std::runtime_error);
  CHECK_THROWS_AS((void)sdk::read_image(folder), std::runtime_error);
  CHECK_THROWS_AS((void)sdk::read_image(folder / "depth.png", {4096, 1 << 20, 10}), std::runtime_error);
  CHECK_THROWS_AS(sdk::write_png(folder / "no" / "such" / "depth.png", image), std::runtime_error);
  std::filesystem::remove_all(folder);
}

TEST_CASE("5,000 damaged PNGs and 5,000 damaged JPEGs give an image or an error") {
  const int inputs = tests::mutations(10000);
  survive_mutations(sdk::encode_png(random_image(3, false)), inputs / 4);
  survive_mutations(sdk::encode_png(random_image(1, true)), inputs / 4);
  survive_mutations(small_jpeg(), inputs / 4);
  survive_mutations(with_exif(small_jpeg(), exif_of(7, false)), inputs / 4);
}
