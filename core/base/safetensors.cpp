#include "core/base/safetensors.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <functional>
#include <limits>

#include "core/base/error.hpp"
#include "core/base/json.hpp"
#include "core/base/text.hpp"

namespace taskonomy::base {

namespace {

static_assert(std::endian::native == std::endian::little, "safetensors holds little-endian numbers");

constexpr std::size_t kLengthBytes = 8;
constexpr std::size_t kAlignment =
    64;  // tensors begin on a cache line, so that mapped files load without copying

/// Number of bytes that a tensor of this shape needs. Throws for negative sizes and for an overflow, also for
/// one of the other sizes of an empty tensor.
std::size_t bytes_of(const std::vector<std::int64_t>& shape, std::size_t element) {
  constexpr auto kMost = static_cast<std::size_t>(std::numeric_limits<std::int64_t>::max());
  std::size_t bytes = element;
  for (const std::int64_t size : shape) {
    if (size < 0) throw Error("negative size in a shape");
    if (size > 0 && bytes > kMost / static_cast<std::size_t>(size)) throw Error("a shape overflows");
    bytes *= std::max<std::size_t>(1, static_cast<std::size_t>(size));
  }
  return std::count(shape.begin(), shape.end(), 0) > 0 ? 0 : bytes;
}

/// Names in the order of their tensors in a file: of large elements first, as the format's own library does it, so
/// that each begins at a multiple of its element's size and can be read where it is mapped.
std::vector<std::string> layout_of(const std::map<std::string, TensorType>& tensors) {
  std::vector<std::string> names;
  for (const auto& [name, tensor] : tensors) names.push_back(name);
  std::ranges::stable_sort(names, std::greater{},
                           [&](const std::string& name) { return dtype_size(tensors.at(name).dtype); });
  return names;
}

std::string header_text(const std::map<std::string, TensorType>& tensors,
                        const std::map<std::string, std::string>& metadata) {
  Json header = Json::object();
  if (!metadata.empty()) header.set("__metadata__", metadata);
  std::size_t offset = 0;
  for (const auto& name : layout_of(tensors)) {
    const TensorType& tensor = tensors.at(name);
    const std::size_t bytes = bytes_of(tensor.shape, dtype_size(tensor.dtype));
    header.set(name, Json::object()
                         .set("dtype", tensor.dtype)
                         .set("shape", tensor.shape)
                         .set("data_offsets", Json::array().add(offset).add(offset + bytes)));
    offset += bytes;
  }
  std::string text = header.dump_exactly();
  text.resize((kLengthBytes + text.size() + kAlignment - 1) / kAlignment * kAlignment - kLengthBytes, ' ');
  return text;
}

/// Reads a list of integers of at least 0. Refuses JSON's other numbers, which would be rounded.
std::vector<std::int64_t> sizes_in(const JsonReader& list) {
  std::vector<std::int64_t> sizes;
  for (const auto& size : list.elements()) {
    constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (!size.is_count() || size.count() > kMost)
      throw Error("a size or an offset is no integer from 0 to 2^63 - 1");
    sizes.push_back(size.integer());
  }
  return sizes;
}

TensorView view_from(const JsonReader& entry, const std::byte* data, std::size_t available) {
  if (!entry.has("dtype") || !entry.at("dtype").is_text() || !entry.has("shape") ||
      !entry.at("shape").is_array() || !entry.has("data_offsets") || !entry.at("data_offsets").is_array())
    throw Error("expected dtype, shape and data_offsets");
  TensorView view;
  view.dtype = entry.at("dtype").text();
  view.shape = sizes_in(entry.at("shape"));
  const auto offsets = sizes_in(entry.at("data_offsets"));
  if (offsets.size() != 2 || offsets[0] > offsets[1] || static_cast<std::size_t>(offsets[1]) > available)
    throw Error("data_offsets lie outside the file (is it truncated?)");
  view.bytes = static_cast<std::size_t>(offsets[1] - offsets[0]);
  if (view.bytes != bytes_of(view.shape, dtype_size(view.dtype)))
    throw Error("data_offsets disagree with the shape and dtype");
  view.data = data + offsets[0];
  return view;
}

/// Refuses overlaps, by which one tensor could change another. The format forbids gaps as well, but
/// they do no harm.
void check_overlaps(const std::map<std::string, TensorView>& tensors) {
  std::vector<std::pair<const std::byte*, std::size_t>> spans;
  for (const auto& [name, view] : tensors)
    if (view.bytes > 0) spans.emplace_back(view.data, view.bytes);
  std::sort(spans.begin(), spans.end());
  for (std::size_t i = 1; i < spans.size(); ++i)
    if (spans[i - 1].first + spans[i - 1].second > spans[i].first) throw Error("two tensors overlap");
}

}  // namespace

std::size_t dtype_size(const std::string& dtype) {
  static const std::map<std::string, std::size_t> sizes{{"F64", 8}, {"I64", 8},  {"F32", 4}, {"I32", 4},
                                                        {"F16", 2}, {"BF16", 2}, {"I16", 2}, {"U8", 1},
                                                        {"I8", 1},  {"BOOL", 1}};
  const auto found = sizes.find(dtype);
  if (found == sizes.end()) throw Error("unknown dtype \"" + dtype + "\"");
  return found->second;
}

SafetensorsWriter::SafetensorsWriter(const std::filesystem::path& path,
                                     const std::map<std::string, TensorType>& tensors,
                                     const std::map<std::string, std::string>& metadata)
    : file_(path) {
  const std::string header = header_text(tensors, metadata);
  const std::uint64_t length = header.size();
  file_.append(&length, kLengthBytes);
  file_.append(header.data(), header.size());
  std::uint64_t offset = kLengthBytes + length;
  for (const auto& name : layout_of(tensors)) {
    const TensorType& tensor = tensors.at(name);
    const std::uint64_t end = offset + bytes_of(tensor.shape, dtype_size(tensor.dtype));
    places_[name] = {offset, end};
    offset = end;
  }
}

void SafetensorsWriter::append(const std::string& name, const void* data, std::size_t bytes) {
  const auto found = places_.find(name);
  if (found == places_.end() || bytes > found->second.end - found->second.next)
    throw std::logic_error("safetensors: tensor \"" + name + "\" gets more than was announced");
  file_.write_at(found->second.next, data, bytes);
  found->second.next += bytes;
}

void SafetensorsWriter::keep() {
  for (const auto& [name, place] : places_)
    if (place.next != place.end)
      throw std::logic_error("safetensors: tensor \"" + name + "\" gets less than was announced");
  file_.keep();
}

void write_safetensors(const std::filesystem::path& path, const std::map<std::string, TensorView>& tensors,
                       const std::map<std::string, std::string>& metadata) {
  std::map<std::string, TensorType> types;
  for (const auto& [name, tensor] : tensors) types[name] = {tensor.dtype, tensor.shape};
  SafetensorsWriter writer(path, types, metadata);
  for (const auto& [name, tensor] : tensors) writer.append(name, tensor.data, tensor.bytes);
  writer.keep();
}

Safetensors::Safetensors(const std::filesystem::path& path)
    : path_(path), file_(std::make_unique<MappedFile>(path)) {
  with_context(path.string() + ": not a sound safetensors file", [&] {
    if (file_->size() < kLengthBytes) throw Error("shorter than its header");
    std::uint64_t length = 0;
    std::memcpy(&length, file_->data(), kLengthBytes);
    if (length > file_->size() - kLengthBytes)
      throw Error("the header reaches beyond the file (is it truncated?)");
    const auto* text = reinterpret_cast<const char*>(file_->data()) + kLengthBytes;
    const auto header = with_context("the header", [&] { return parse_json({text, length}); });
    if (!header.is_object()) throw Error("the header is not a JSON object");
    const std::byte* data = file_->data() + kLengthBytes + length;
    const std::size_t available = file_->size() - kLengthBytes - length;
    for (const auto& [name, entry] : header.members()) {
      if (name == "__metadata__") {
        metadata_ = entry.as<std::map<std::string, std::string>>();
      } else {
        tensors_[name] = with_context("tensor \"" + name + "\"",
                                      [&, &entry = entry] { return view_from(entry, data, available); });
      }
    }
    check_overlaps(tensors_);
  });
}

const TensorView& Safetensors::at(const std::string& name) const {
  const auto found = tensors_.find(name);
  if (found != tensors_.end()) return found->second;
  std::vector<std::string> names;
  for (const auto& [known, view] : tensors_) names.push_back(known);
  throw Error(path_.string() + ": no tensor \"" + name + "\"; it holds: " + join(names, ", "));
}

}  // namespace taskonomy::base
