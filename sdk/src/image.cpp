// The only file that talks to libpng and libjpeg. Both report errors by longjmp. So that no destructor
// is ever jumped over, every function that calls setjmp holds plain values only, and what needs a
// destructor lives in its caller.
#include <taskonomy/sdk/image.hpp>

#include <csetjmp>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <vector>

#include <jpeglib.h>

#include <jerror.h>
#include <png.h>

#include <taskonomy/sdk/toolbox/file_bytes.hpp>

#include "sdk/src/detail/exif.hpp"

namespace taskonomy::sdk {

namespace {

/// The reason of a failure, where a longjmp cannot lose it.
struct Reason {
  char text[JMSG_LENGTH_MAX + 64] = "";
  void set(const char* message) { std::snprintf(text, sizeof text, "%s", message); }
};

void check_size(const std::string& name, std::int64_t width, std::int64_t height, const ImageLimits& limits) {
  if (width < 1 || height < 1) unreadable(name, "an image without pixels");
  if (width > limits.max_side || height > limits.max_side || width * height > limits.max_pixels) {
    unreadable(name, "claims " + std::to_string(width) + " x " + std::to_string(height) +
                         " pixels, at most " + std::to_string(limits.max_side) + " a side and " +
                         std::to_string(limits.max_pixels) + " in all are read");
  }
}

/// Interleaved rows [H,W,C] of samples -> contiguous [C,H,W].
torch::Tensor planes(const torch::Tensor& interleaved) { return interleaved.permute({2, 0, 1}).contiguous(); }

// PNG.

struct PngReader {
  png_structp png = nullptr;
  png_infop info = nullptr;
  const unsigned char* next = nullptr;
  std::size_t left = 0;
  Reason reason;
  png_uint_32 width = 0, height = 0;
  int channels = 0, bits = 0;

  PngReader() = default;
  PngReader(const PngReader&) = delete;
  PngReader& operator=(const PngReader&) = delete;
  ~PngReader() { png_destroy_read_struct(&png, &info, nullptr); }
};

void png_fail(png_structp png, png_const_charp message) {
  static_cast<Reason*>(png_get_error_ptr(png))->set(message);
  png_longjmp(png, 1);
}
void png_ignore(png_structp, png_const_charp) {}

void png_take(png_structp png, png_bytep to, std::size_t count) {
  auto* reader = static_cast<PngReader*>(png_get_io_ptr(png));
  if (count > reader->left) png_error(png, "truncated: the file ends before the image does");
  std::memcpy(to, reader->next, count);
  reader->next += count;
  reader->left -= count;
}

/// Reads the header and settles on 8- or 16-bit grey or RGB. Plain values only: longjmp lands here.
bool png_header(PngReader* reader) {
  if (setjmp(png_jmpbuf(reader->png)) != 0) return false;
  png_set_read_fn(reader->png, reader, png_take);
  png_set_chunk_malloc_max(reader->png, 8 * 1024 * 1024);
  png_read_info(reader->png, reader->info);
  png_set_expand(reader->png);       // palettes to RGB, grey to at least 8 bits
  png_set_strip_alpha(reader->png);  // also what transparency chunks have just become
  if (png_get_bit_depth(reader->png, reader->info) == 16) png_set_swap(reader->png);  // to little endian
  png_set_interlace_handling(reader->png);
  png_read_update_info(reader->png, reader->info);
  reader->width = png_get_image_width(reader->png, reader->info);
  reader->height = png_get_image_height(reader->png, reader->info);
  reader->channels = png_get_channels(reader->png, reader->info);
  reader->bits = png_get_bit_depth(reader->png, reader->info);
  return true;
}

/// Fills the rows. Plain values only: longjmp lands here.
bool png_pixels(PngReader* reader, png_bytepp rows) {
  if (setjmp(png_jmpbuf(reader->png)) != 0) return false;
  png_read_image(reader->png, rows);
  png_read_end(reader->png, nullptr);
  return true;
}

/// The orientation that the file's Exif data name, 1 where there are none.
int png_orientation(const PngReader& reader) {
#ifdef PNG_eXIf_SUPPORTED
  png_bytep exif = nullptr;
  png_uint_32 count = 0;
  if (png_get_eXIf_1(reader.png, reader.info, &count, &exif) != 0)
    return exif_orientation({reinterpret_cast<const char*>(exif), count});
#endif
  return 1;
}

torch::Tensor decode_png(std::string_view bytes, const std::string& name, const ImageLimits& limits) {
  PngReader reader;
  reader.next = reinterpret_cast<const unsigned char*>(bytes.data());
  reader.left = bytes.size();
  reader.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &reader.reason, png_fail, png_ignore);
  if (reader.png != nullptr) reader.info = png_create_info_struct(reader.png);
  if (reader.info == nullptr) unreadable(name, "libpng does not start");
  png_set_user_limits(reader.png, 0x7fffffff, 0x7fffffff);  // check_size() says it better
  if (!png_header(&reader)) unreadable(name, std::string("not a readable PNG: ") + reader.reason.text);
  check_size(name, reader.width, reader.height, limits);
  if (reader.channels != 1 && reader.channels != 3) unreadable(name, "not a grey or RGB image");

  const auto type = reader.bits == 16 ? torch::kInt16 : torch::kUInt8;
  torch::Tensor image = torch::zeros({reader.height, reader.width, reader.channels}, type);
  auto* first = static_cast<unsigned char*>(image.data_ptr());
  const std::size_t stride = static_cast<std::size_t>(image.stride(0) * image.element_size());
  std::vector<png_bytep> rows(reader.height);
  for (std::size_t r = 0; r < rows.size(); ++r) rows[r] = first + r * stride;
  if (!png_pixels(&reader, rows.data())) unreadable(name, std::string("damaged PNG: ") + reader.reason.text);
  image = turn_upright(planes(image), png_orientation(reader));
  return reader.bits == 16 ? image.to(torch::kInt32).bitwise_and_(0xffff) : image;
}

// JPEG.

struct JpegReader {
  jpeg_decompress_struct jpeg{};
  jpeg_error_mgr errors{};
  jpeg_progress_mgr progress{};
  std::jmp_buf back{};
  Reason reason;
  bool started = false;

  JpegReader() = default;
  JpegReader(const JpegReader&) = delete;
  JpegReader& operator=(const JpegReader&) = delete;
  ~JpegReader() {
    if (started) jpeg_destroy_decompress(&jpeg);
  }
};

[[noreturn]] void jpeg_fail(j_common_ptr jpeg) {
  auto* reader = static_cast<JpegReader*>(jpeg->client_data);
  jpeg->err->format_message(jpeg, reader->reason.text);
  std::longjmp(reader->back, 1);
}

/// Treats lost data as an error. libjpeg only warns and paints it grey, and a label made from grey pixels
/// would be wrong without notice.
void jpeg_message(j_common_ptr jpeg, int level) {
  if (level >= 0) return;
  switch (jpeg->err->msg_code) {
    case JWRN_JPEG_EOF:
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_ARITH_BAD_CODE:
    case JWRN_MUST_RESYNC:
      jpeg_fail(jpeg);
    default:
      break;
  }
}

/// Stops progressive files that ask for too many passes: a few kilobytes can ask for thousands of them over
/// all pixels.
void jpeg_count_scans(j_common_ptr jpeg) {
  constexpr int kMostScans = 200;
  auto* reader = static_cast<JpegReader*>(jpeg->client_data);
  if (reader->jpeg.input_scan_number <= kMostScans) return;
  reader->reason.set("more than 200 progressive scans");
  std::longjmp(reader->back, 1);
}

/// Reads the header and asks for grey or RGB. Plain values only: longjmp lands here.
bool jpeg_header(JpegReader* reader, const unsigned char* bytes, std::size_t count) {
  if (setjmp(reader->back) != 0) return false;
  jpeg_create_decompress(&reader->jpeg);
  reader->started = true;
  reader->jpeg.client_data = reader;
  reader->jpeg.progress = &reader->progress;
  jpeg_mem_src(&reader->jpeg, bytes, static_cast<unsigned long>(count));
  jpeg_save_markers(&reader->jpeg, JPEG_APP0 + 1, 0xffff);  // for jpeg_orientation()
  jpeg_read_header(&reader->jpeg, TRUE);
  reader->jpeg.out_color_space = reader->jpeg.jpeg_color_space == JCS_GRAYSCALE ? JCS_GRAYSCALE : JCS_RGB;
  return true;
}

/// Fills the rows. Plain values only: longjmp lands here.
bool jpeg_pixels(JpegReader* reader, unsigned char* first, std::size_t stride) {
  if (setjmp(reader->back) != 0) return false;
  jpeg_start_decompress(&reader->jpeg);
  while (reader->jpeg.output_scanline < reader->jpeg.output_height) {
    JSAMPROW row = first + reader->jpeg.output_scanline * stride;
    jpeg_read_scanlines(&reader->jpeg, &row, 1);
  }
  jpeg_finish_decompress(&reader->jpeg);
  return true;
}

/// The orientation that the file's Exif data name, 1 where there are none.
int jpeg_orientation(const JpegReader& reader) {
  constexpr std::string_view kExif("Exif\0\0", 6);
  for (auto marker = reader.jpeg.marker_list; marker != nullptr; marker = marker->next) {
    const std::string_view data(reinterpret_cast<const char*>(marker->data), marker->data_length);
    if (data.starts_with(kExif)) return exif_orientation(data.substr(kExif.size()));
  }
  return 1;
}

torch::Tensor decode_jpeg(std::string_view bytes, const std::string& name, const ImageLimits& limits) {
  JpegReader reader;
  reader.jpeg.err = jpeg_std_error(&reader.errors);
  reader.jpeg.client_data = &reader;
  reader.errors.error_exit = jpeg_fail;
  reader.errors.emit_message = jpeg_message;
  reader.progress.progress_monitor = jpeg_count_scans;
  const auto* first = reinterpret_cast<const unsigned char*>(bytes.data());
  if (!jpeg_header(&reader, first, bytes.size()))
    unreadable(name, std::string("not a readable JPEG: ") + reader.reason.text);
  check_size(name, reader.jpeg.image_width, reader.jpeg.image_height, limits);
  if (reader.jpeg.num_components == 4)
    unreadable(name, "a JPEG of four colours (CMYK), made for printing; save it as RGB");
  const int orientation =
      jpeg_orientation(reader);  // now: libjpeg forgets the segment when it has the pixels
  const std::int64_t channels = reader.jpeg.out_color_space == JCS_GRAYSCALE ? 1 : 3;
  torch::Tensor image =
      torch::zeros({reader.jpeg.image_height, reader.jpeg.image_width, channels}, torch::kUInt8);
  if (!jpeg_pixels(&reader, image.data_ptr<std::uint8_t>(), static_cast<std::size_t>(image.stride(0)))) {
    unreadable(name, std::string("damaged JPEG: ") + reader.reason.text);
  }
  return turn_upright(planes(image), orientation);
}

// Writing PNG.

struct PngWriter {
  png_structp png = nullptr;
  png_infop info = nullptr;
  std::string bytes;
  Reason reason;
  PngPacking packing = PngPacking::small;

  PngWriter() = default;
  PngWriter(const PngWriter&) = delete;
  PngWriter& operator=(const PngWriter&) = delete;
  ~PngWriter() { png_destroy_write_struct(&png, &info); }
};

void png_append(png_structp png, png_bytep from, std::size_t count) {
  static_cast<PngWriter*>(png_get_io_ptr(png))->bytes.append(reinterpret_cast<const char*>(from), count);
}
void png_no_flush(png_structp) {}

/// Plain values only: longjmp lands here.
bool png_encode(PngWriter* writer, png_uint_32 width, png_uint_32 height, int bits, int color,
                png_bytepp rows) {
  if (setjmp(png_jmpbuf(writer->png)) != 0) return false;
  png_set_write_fn(writer->png, writer, png_append, png_no_flush);
  png_set_IHDR(writer->png, writer->info, width, height, bits, color, PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_BASE, PNG_FILTER_TYPE_BASE);
  if (writer->packing == PngPacking::quick) {
    png_set_compression_level(writer->png, 1);
    png_set_filter(writer->png, PNG_FILTER_TYPE_BASE, PNG_FILTER_UP);
  }
  png_write_info(writer->png, writer->info);
  if (bits == 16) png_set_swap(writer->png);
  png_write_image(writer->png, rows);
  png_write_end(writer->png, nullptr);
  return true;
}

}  // namespace

torch::Tensor decode_image(std::string_view bytes, const std::string& name, const ImageLimits& limits) {
  if (bytes.empty()) unreadable(name, "an empty file");
  if (bytes.substr(0, 4) == "\x89PNG") return decode_png(bytes, name, limits);
  if (bytes.substr(0, 3) == "\xff\xd8\xff") return decode_jpeg(bytes, name, limits);
  unreadable(name, "neither a PNG nor a JPEG image");
}

torch::Tensor read_image(const std::filesystem::path& file, const ImageLimits& limits) {
  return decode_image(read_bytes(file, limits.max_bytes), file.string(), limits);
}

std::string encode_png(const torch::Tensor& image) { return encode_png(image, PngPacking::small); }

std::string encode_png(const torch::Tensor& image, PngPacking packing) {
  const bool wide = image.scalar_type() == torch::kInt32;
  if (image.dim() != 3 || (image.size(0) != 1 && image.size(0) != 3) || image.numel() == 0 ||
      (!wide && image.scalar_type() != torch::kUInt8)) {
    throw std::invalid_argument("encode_png: expected uint8 or int32 [1|3,H,W]");
  }
  if (wide && (image.min().item<int>() < 0 || image.max().item<int>() > 0xffff)) {
    throw std::invalid_argument("encode_png: 16-bit values lie outside 0..65535");
  }
  const torch::Tensor rows_of =
      image.to(wide ? torch::kInt16 : torch::kUInt8).permute({1, 2, 0}).contiguous();
  auto* first = static_cast<unsigned char*>(rows_of.data_ptr());
  std::vector<png_bytep> rows(static_cast<std::size_t>(rows_of.size(0)));
  const std::size_t stride = static_cast<std::size_t>(rows_of.stride(0) * rows_of.element_size());
  for (std::size_t r = 0; r < rows.size(); ++r) rows[r] = first + r * stride;

  PngWriter writer;
  writer.packing = packing;
  writer.png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &writer.reason, png_fail, png_ignore);
  if (writer.png != nullptr) writer.info = png_create_info_struct(writer.png);
  if (writer.info == nullptr ||
      !png_encode(&writer, static_cast<png_uint_32>(image.size(2)), static_cast<png_uint_32>(image.size(1)),
                  wide ? 16 : 8, image.size(0) == 3 ? PNG_COLOR_TYPE_RGB : PNG_COLOR_TYPE_GRAY,
                  rows.data())) {
    throw std::runtime_error(std::string("encode_png: ") + writer.reason.text);
  }
  return std::move(writer.bytes);
}

void write_png(const std::filesystem::path& file, const torch::Tensor& image) {
  const std::string bytes = encode_png(image);
  std::ofstream stream(file, std::ios::binary | std::ios::trunc);
  stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  stream.close();
  if (!stream) unreadable(file.string(), "cannot write");
}

}  // namespace taskonomy::sdk
