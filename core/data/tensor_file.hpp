// Tensors in safetensors files. They are written whole and read by mapping, without a copy.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include <taskonomy/sdk/torch.hpp>

#include "core/base/safetensors.hpp"

namespace taskonomy::data {

using NamedTensors = std::map<std::string, torch::Tensor>;

/// Writes atomically. Tensors are brought to the CPU and to C order. Throws Error naming the path.
void save_tensors(const std::filesystem::path& path, const NamedTensors& tensors,
                  const std::map<std::string, std::string>& metadata);

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
  [[nodiscard]] const std::map<std::string, std::string>& metadata() const { return file_->metadata(); }
  [[nodiscard]] NamedTensors all() const;

 private:
  std::shared_ptr<base::Safetensors> file_;
};

}  // namespace taskonomy::data
