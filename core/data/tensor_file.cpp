#include "core/data/tensor_file.hpp"

#include <array>
#include <cstdint>
#include <cstring>
#include <sstream>
#include <stdexcept>

#include "core/base/error.hpp"

namespace taskonomy::data {

namespace {

struct DtypeName {
  torch::Dtype dtype;
  const char* name;
};
constexpr std::array<DtypeName, 10> kDtypes{{{torch::kFloat32, "F32"},
                                             {torch::kFloat64, "F64"},
                                             {torch::kFloat16, "F16"},
                                             {torch::kBFloat16, "BF16"},
                                             {torch::kInt64, "I64"},
                                             {torch::kInt32, "I32"},
                                             {torch::kInt16, "I16"},
                                             {torch::kInt8, "I8"},
                                             {torch::kUInt8, "U8"},
                                             {torch::kBool, "BOOL"}}};

std::string name_of(torch::Dtype dtype) {
  for (const auto& known : kDtypes)
    if (known.dtype == dtype) return known.name;
  throw base::Error(std::string("a tensor of type ") + c10::toString(dtype) + " cannot be stored");
}

torch::Dtype dtype_of(const std::string& name) {
  for (const auto& known : kDtypes)
    if (name == known.name) return known.dtype;
  throw base::Error("unknown dtype \"" + name + "\"");
}

std::map<std::string, base::TensorType> stored_as(const std::map<std::string, TensorKind>& tensors) {
  std::map<std::string, base::TensorType> types;
  for (const auto& [name, kind] : tensors) types[name] = {name_of(kind.dtype), kind.shape};
  return types;
}

/// Throws Error for bytes that are neither 0 nor 1: reading one as bool is undefined behaviour.
void require_bools(const base::TensorView& view, const std::string& name) {
  auto all = std::byte{0};
  for (std::size_t i = 0; i < view.bytes; ++i) all |= view.data[i];
  if (all > std::byte{1})
    throw base::Error("tensor \"" + name + "\": its bytes are not all true (1) or false (0)");
}

}  // namespace

std::string describe(const torch::Tensor& tensor) {
  std::ostringstream text;
  text << tensor.sizes() << ' ' << c10::toString(tensor.scalar_type());
  return text.str();
}

void save_tensors(const std::filesystem::path& path, const NamedTensors& tensors,
                  const std::map<std::string, std::string>& metadata) {
  NamedTensors plain;  // keeps the memory that the views point to
  std::map<std::string, base::TensorView> views;
  for (const auto& [name, tensor] : tensors) {
    const auto& stored = plain[name] = tensor.detach().cpu().contiguous();
    views[name] = {name_of(stored.scalar_type()), stored.sizes().vec(),
                   static_cast<const std::byte*>(stored.data_ptr()), stored.nbytes()};
  }
  base::write_safetensors(path, views, metadata);
}

TensorWriter::TensorWriter(const std::filesystem::path& path,
                           const std::map<std::string, TensorKind>& tensors,
                           const std::map<std::string, std::string>& metadata)
    : writer_(path, stored_as(tensors), metadata) {
  for (const auto& [name, kind] : tensors) types_[name] = kind.dtype;
}

void TensorWriter::append(const std::string& name, const torch::Tensor& rows) {
  if (const auto type = types_.find(name); type != types_.end() && type->second != rows.scalar_type())
    throw std::logic_error("tensor \"" + name + "\" was announced with another type than " + describe(rows));
  const auto stored = rows.detach().cpu().contiguous();
  writer_.append(name, stored.data_ptr(), stored.nbytes());
}

TensorFile::TensorFile(const std::filesystem::path& path)
    : file_(std::make_shared<base::Safetensors>(path)) {}

bool TensorFile::has(const std::string& name) const { return file_->tensors().count(name) > 0; }

torch::Tensor TensorFile::at(const std::string& name) const {
  const auto& view = file_->at(name);
  if (view.dtype == "BOOL") require_bools(view, name);
  return mapped(view, dtype_of(view.dtype));
}

torch::Tensor TensorFile::bytes_of_bools(const std::string& name) const {
  const auto& view = file_->at(name);
  if (view.dtype != "BOOL") throw base::Error("tensor \"" + name + "\" holds " + view.dtype + ", not BOOL");
  return mapped(view, torch::kUInt8);
}

torch::Tensor TensorFile::mapped(const base::TensorView& view, torch::Dtype type) const {
  const auto options = torch::TensorOptions().dtype(type);
  if (view.bytes == 0) return torch::empty(view.shape, options);
  if (reinterpret_cast<std::uintptr_t>(view.data) % base::dtype_size(view.dtype) != 0) {
    // Other programs may begin a tensor at any byte, but the processor reads numbers at their own alignment
    // only.
    auto copy = torch::empty(view.shape, options);
    std::memcpy(copy.data_ptr(), view.data, view.bytes);
    return copy;
  }
  // The mapping is private and read-only; nothing in the host writes into tensors that it loaded.
  return torch::from_blob(
      const_cast<std::byte*>(view.data), view.shape, [keep = file_](void*) {}, options);
}

NamedTensors TensorFile::all() const {
  NamedTensors tensors;
  for (const auto& [name, view] : file_->tensors()) tensors[name] = at(name);
  return tensors;
}

}  // namespace taskonomy::data
