#include <taskonomy/sdk/toolbox/npy.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <stdexcept>
#include <vector>

#include <taskonomy/sdk/toolbox/file_bytes.hpp>

namespace taskonomy::sdk {

namespace {

static_assert(std::endian::native == std::endian::little, "arrays are copied as they lie in the file");

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr std::size_t kMostHeader = 64 * 1024;
constexpr std::size_t kMostDimensions = 16;

/// One element type of the format: its code behind the byte order, its type in the file and in the tensor.
struct ElementType {
  std::string_view code;
  torch::Dtype stored;
  torch::Dtype given;
  std::int64_t bits;  ///< of an unsigned type that LibTorch stores as a signed one; 0 = as stored
};
constexpr std::array<ElementType, 11> kTypes = {{{"b1", torch::kBool, torch::kBool, 0},
                                                 {"i1", torch::kInt8, torch::kInt8, 0},
                                                 {"u1", torch::kUInt8, torch::kUInt8, 0},
                                                 {"i2", torch::kInt16, torch::kInt16, 0},
                                                 {"u2", torch::kInt16, torch::kInt32, 16},
                                                 {"i4", torch::kInt32, torch::kInt32, 0},
                                                 {"u4", torch::kInt32, torch::kInt64, 32},
                                                 {"i8", torch::kInt64, torch::kInt64, 0},
                                                 {"f2", torch::kFloat16, torch::kFloat16, 0},
                                                 {"f4", torch::kFloat32, torch::kFloat32, 0},
                                                 {"f8", torch::kFloat64, torch::kFloat64, 0}}};

struct Header {
  ElementType type{};
  bool swapped = false;  ///< big endian
  bool fortran = false;
  std::vector<std::int64_t> shape;
};

/// Reads the header's dictionary, {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }: exactly
/// these keys, in any order.
class HeaderText {
 public:
  HeaderText(std::string_view text, const std::string& name) : text_(text), name_(name) {}

  [[nodiscard]] Header parse() {
    Header header;
    bool type = false, order = false, shape = false;
    expect('{');
    while (!take('}')) {
      const std::string_view key = quoted();
      expect(':');
      if (key == "descr" && !type) {
        type = true, read_type(header);
      } else if (key == "fortran_order" && !order) {
        order = true, header.fortran = read_flag();
      } else if (key == "shape" && !shape) {
        shape = true, header.shape = read_shape();
      } else {
        damaged("an unknown or repeated key");
      }
      if (!take(',')) {
        expect('}');
        break;
      }
    }
    skip_space();
    if (at_ != text_.size()) damaged("text behind the dictionary");
    if (!(type && order && shape)) damaged("descr, fortran_order or shape is missing");
    return header;
  }

 private:
  [[noreturn]] void damaged(const std::string& what) const {
    unreadable(name_, "damaged npy header: " + what);
  }

  void skip_space() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t')) ++at_;
  }
  bool take(char wanted) {
    skip_space();
    if (at_ >= text_.size() || text_[at_] != wanted) return false;
    ++at_;
    return true;
  }
  void expect(char wanted) {
    if (!take(wanted)) damaged(std::string("expected ") + wanted);
  }
  std::string_view quoted() {
    skip_space();
    const char quote = at_ < text_.size() ? text_[at_] : '\0';
    if (quote != '\'' && quote != '"') damaged("expected a quoted word");
    const std::size_t end = text_.find(quote, at_ + 1);
    if (end == std::string_view::npos) damaged("a quoted word without an end");
    const std::string_view word = text_.substr(at_ + 1, end - at_ - 1);
    at_ = end + 1;
    return word;
  }
  void read_type(Header& header) {
    skip_space();
    if (at_ < text_.size() && text_[at_] == '[')
      unreadable(name_, "an npy array of records; plain numbers are read");
    const std::string_view descr = quoted();
    const char order = descr.empty() ? '\0' : descr.front();
    const std::string_view code = descr.empty() ? descr : descr.substr(1);
    const auto* type =
        std::find_if(kTypes.begin(), kTypes.end(), [&](const auto& t) { return t.code == code; });
    if (type == kTypes.end() || std::string_view("<>|=").find(order) == std::string_view::npos)
      unreadable(name_, "npy elements of type \"" + std::string(descr.substr(0, 16)) +
                            "\"; bool, integers up to 64 bits and floats are read");
    header.type = *type;
    header.swapped = order == '>';
  }
  bool read_flag() {
    skip_space();
    for (const bool value : {true, false}) {
      const std::string_view word = value ? "True" : "False";
      if (text_.substr(at_, word.size()) != word) continue;
      at_ += word.size();
      return value;
    }
    damaged("fortran_order is neither True nor False");
  }
  std::vector<std::int64_t> read_shape() {
    std::vector<std::int64_t> shape;
    expect('(');
    while (!take(')')) {
      skip_space();
      const std::size_t first = at_;
      std::int64_t extent = 0;
      for (; at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9'; ++at_)
        extent = std::min<std::int64_t>(extent * 10 + (text_[at_] - '0'), std::int64_t{1} << 40U);
      if (at_ == first) damaged("the shape holds something that is no number");
      shape.push_back(extent);
      if (shape.size() > kMostDimensions) damaged("more than 16 dimensions");
      if (!take(',')) {
        expect(')');
        break;
      }
    }
    return shape;
  }

  std::string_view text_;
  const std::string& name_;
  std::size_t at_ = 0;
};

/// Number of elements, refused where it is more than the limit.
std::int64_t count_of(const std::vector<std::int64_t>& shape, const std::string& name, std::int64_t most) {
  std::int64_t count = 1;
  bool empty = false;
  for (const std::int64_t extent : shape) {
    empty = empty || extent == 0;
    if (extent > 0 && count > most / extent)
      unreadable(name, "claims more than " + std::to_string(most) + " elements");
    count *= std::max<std::int64_t>(extent, 1);
  }
  return empty ? 0 : count;
}

void swap_bytes(unsigned char* bytes, std::size_t elements, std::size_t size) {
  for (std::size_t i = 0; i < elements; ++i) std::reverse(bytes + i * size, bytes + (i + 1) * size);
}

/// Where the array begins, and the header between it and the magic bytes.
std::size_t split_header(std::string_view bytes, const std::string& name, std::string_view& text) {
  if (bytes.substr(0, kMagic.size()) != kMagic) unreadable(name, "not an npy file");
  if (bytes.size() < 12) unreadable(name, "truncated: the file ends within the npy header");
  const auto byte = [&](std::size_t i) {
    return static_cast<std::size_t>(static_cast<unsigned char>(bytes[i]));
  };
  const std::size_t version = byte(6), minor = byte(7);
  if (version < 1 || version > 3 || minor != 0)
    unreadable(name, "npy version " + std::to_string(version) + "." + std::to_string(minor) +
                         "; 1.0 to 3.0 are read");
  const std::size_t start = version == 1 ? 10 : 12;
  std::size_t length = byte(8) | byte(9) << 8U;
  if (version > 1) length |= byte(10) << 16U | byte(11) << 24U;
  if (length > kMostHeader)
    unreadable(name, "damaged npy header: claims " + std::to_string(length) + " bytes");
  if (length > bytes.size() - start) unreadable(name, "truncated: the file ends within the npy header");
  text = bytes.substr(start, length);
  return start + length;
}

}  // namespace

torch::Tensor decode_npy(std::string_view bytes, const std::string& name, const NpyLimits& limits) {
  if (bytes.empty()) unreadable(name, "an empty file");
  std::string_view text;
  const std::string_view array = bytes.substr(split_header(bytes, name, text));
  const Header header = HeaderText(text, name).parse();
  const std::int64_t count = count_of(header.shape, name, limits.max_elements);
  const std::size_t size = torch::elementSize(header.type.stored);
  const std::size_t needed = static_cast<std::size_t>(count) * size;
  if (array.size() != needed)
    unreadable(name, (array.size() < needed ? "truncated: " : "damaged: ") + std::to_string(array.size()) +
                         " bytes of numbers, its header says " + std::to_string(needed));

  std::vector<std::int64_t> stored_shape = header.shape;
  if (header.fortran) std::reverse(stored_shape.begin(), stored_shape.end());
  torch::Tensor values = torch::empty(stored_shape, header.type.stored);
  if (needed > 0) std::memcpy(values.data_ptr(), array.data(), needed);
  auto* first = static_cast<unsigned char*>(values.data_ptr());
  if (header.swapped) swap_bytes(first, static_cast<std::size_t>(count), size);
  // A bool of any other value than 0 and 1 is undefined behaviour in whoever reads it.
  if (header.type.stored == torch::kBool)
    std::transform(first, first + needed, first, [](unsigned char b) { return b != 0 ? 1 : 0; });
  if (header.type.bits > 0)
    values = values.to(header.type.given).bitwise_and_((std::int64_t{1} << header.type.bits) - 1);
  if (!header.fortran || header.shape.size() < 2) return values;
  std::vector<std::int64_t> reversed;
  for (std::int64_t d = values.dim() - 1; d >= 0; --d) reversed.push_back(d);
  return values.permute(reversed).contiguous();
}

torch::Tensor read_npy(const std::filesystem::path& file, const NpyLimits& limits) {
  return decode_npy(read_bytes(file, limits.max_bytes), file.string(), limits);
}

std::string encode_npy(const torch::Tensor& values) {
  const auto* type = std::find_if(kTypes.begin(), kTypes.end(), [&](const ElementType& t) {
    return t.bits == 0 && t.stored == values.scalar_type();
  });
  if (type == kTypes.end()) throw std::invalid_argument("encode_npy: not a type of the npy format");
  const char order = torch::elementSize(type->stored) == 1 ? '|' : '<';
  std::string text = "{'descr': '" + std::string(1, order) + std::string(type->code) +
                     "', 'fortran_order': False, 'shape': (";
  for (const std::int64_t extent : values.sizes()) text += std::to_string(extent) + ", ";
  text += "), }";
  // The array begins at a multiple of 64 bytes; the header's last byte is a line break.
  text.append((64 - (10 + text.size() + 1) % 64) % 64, ' ').push_back('\n');
  if (text.size() > 0xffff) throw std::invalid_argument("encode_npy: too many dimensions");
  std::string bytes(kMagic);
  bytes += {'\x01', '\x00', static_cast<char>(text.size() & 0xffU), static_cast<char>(text.size() >> 8U)};
  bytes += text;
  const torch::Tensor plain = values.cpu().contiguous();
  if (plain.numel() > 0) bytes.append(static_cast<const char*>(plain.data_ptr()), plain.nbytes());
  return bytes;
}

}  // namespace taskonomy::sdk
