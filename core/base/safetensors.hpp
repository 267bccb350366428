// The safetensors file format (https://github.com/huggingface/safetensors): 8 bytes length of the header
// (little endian), a JSON header, then raw little-endian tensors. It holds no code, so that files from
// strangers are safe to open.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/base/files.hpp"

namespace taskonomy::base {

/// One tensor of a file: dtype "F32", "F16", "BF16", "F64", "I64", "I32", "U8", "BOOL"; bytes in C order.
struct TensorView {
  std::string dtype;
  std::vector<std::int64_t> shape;
  const std::byte* data = nullptr;
  std::size_t bytes = 0;
};

/// Bytes of one element. Throws Error for a dtype the format does not have.
[[nodiscard]] std::size_t dtype_size(const std::string& dtype);

/// Writes atomically: tensors of large elements first, those of one size in the order of their names. Throws Error
/// naming the path.
void write_safetensors(const std::filesystem::path& path, const std::map<std::string, TensorView>& tensors,
                       const std::map<std::string, std::string>& metadata);

/// What a tensor of a file will be.
struct TensorType {
  std::string dtype;
  std::vector<std::int64_t> shape;
};

/// Writes a file whose tensors are larger than memory: all are announced, then each is filled from its beginning
/// to its end, in pieces that come in any order. Atomic as write_safetensors(), and the same bytes.
class SafetensorsWriter {
 public:
  /// Throws Error naming the path.
  SafetensorsWriter(const std::filesystem::path& path, const std::map<std::string, TensorType>& tensors,
                    const std::map<std::string, std::string>& metadata);
  /// The next bytes of a tensor. Throws std::logic_error for one that was not announced or is full.
  void append(const std::string& name, const void* data, std::size_t bytes);
  /// Gives the file its name. Throws std::logic_error naming a tensor that is not full.
  void keep();

 private:
  struct Place {
    std::uint64_t next = 0, end = 0;
  };
  NewFile file_;
  std::map<std::string, Place> places_;
};

/// A mapped file; the views stay valid while the object lives. The constructor throws Error naming the path
/// and what is malformed: offsets outside the file, sizes that disagree with shapes, overlaps.
class Safetensors {
 public:
  explicit Safetensors(const std::filesystem::path& path);
  [[nodiscard]] const std::map<std::string, TensorView>& tensors() const noexcept { return tensors_; }
  [[nodiscard]] const std::map<std::string, std::string>& metadata() const noexcept { return metadata_; }
  /// The tensor of that name. Throws Error naming the file and the names that it holds.
  [[nodiscard]] const TensorView& at(const std::string& name) const;

 private:
  std::filesystem::path path_;
  std::unique_ptr<MappedFile> file_;
  std::map<std::string, TensorView> tensors_;
  std::map<std::string, std::string> metadata_;
};

}  // namespace taskonomy::base
