// Tensors in safetensors files. They are written whole or row by row, and read by mapping, without a copy.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <taskonomy/sdk/torch.hpp>

#include "core/base/safetensors.hpp"

namespace taskonomy::data {

using NamedTensors = std::map<std::string, torch::Tensor>;

/// Writes atomically. Tensors are brought to the CPU and to C order. Throws Error naming the path.
void save_tensors(const std::filesystem::path& path, const NamedTensors& tensors,
                  const std::map<std::string, std::string>& metadata);

/// Type and shape of a tensor that will be written.
struct TensorKind {
  torch::Dtype dtype;
  std::vector<std::int64_t> shape;
};

/// Writes tensors row by row, for those that are larger than memory. Atomic as save_tensors(), and the same bytes.
class TensorWriter {
 public:
  /// Throws Error naming the path.
  TensorWriter(const std::filesystem::path& path, const std::map<std::string, TensorKind>& tensors,
               const std::map<std::string, std::string>& metadata);
  /// The next row of a tensor, or several: values of its type, brought to the CPU and to C order.
  void append(const std::string& name, const torch::Tensor& rows);
  /// Gives the file its name. All announced rows must be there.
  void keep() { writer_.keep(); }

 private:
  std::map<std::string, torch::Dtype> types_;
  base::SafetensorsWriter writer_;
};

/// Shape and type for messages: "[3, 64, 64] Float".
[[nodiscard]] std::string describe(const torch::Tensor& tensor);

/// A mapped file. Its tensors share the file's memory: they are read-only, and they keep the mapping alive.
/// [any thread]
class TensorFile {
 public:
  /// Throws Error naming the path and what is malformed.
  explicit TensorFile(const std::filesystem::path& path);
  [[nodiscard]] bool has(const std::string& name) const;
  /// The tensor of a name. Throws Error naming the file and the names it holds when there is none.
  [[nodiscard]] torch::Tensor at(const std::string& name) const;
  /// A bool tensor as the bytes it is stored as, unread: each should be 0 or 1. For tensors too large to be looked
  /// through when a file is opened; ne(0) of the rows that are wanted gives the values.
  [[nodiscard]] torch::Tensor bytes_of_bools(const std::string& name) const;
  [[nodiscard]] const std::map<std::string, std::string>& metadata() const { return file_->metadata(); }
  [[nodiscard]] NamedTensors all() const;

 private:
  [[nodiscard]] torch::Tensor mapped(const base::TensorView& view, torch::Dtype type) const;

  std::shared_ptr<base::Safetensors> file_;
};

}  // namespace taskonomy::data
