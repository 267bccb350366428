// Arrays of NumPy's .npy files as tensors, versions 1.0 to 3.0 of the format (NumPy Enhancement Proposal 1).
// Damaged, truncated or oversized files give an error, never a crash; nothing in a file is ever executed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include <taskonomy/sdk/torch.hpp>

#include <taskonomy/sdk/detail/api.hpp>

namespace taskonomy::sdk {

/// What is refused before anything is allocated: a header of 80 bytes may claim any shape.
struct NpyLimits {
  std::int64_t max_elements = 64 * 1024 * 1024;
  std::int64_t max_bytes = 512 * 1024 * 1024;  ///< of the file
};

/// The array in a file as a contiguous tensor of the array's shape, whatever its order (C or Fortran) and
/// byte order. bool, int8..int64, uint8, float16..float64 keep their type; uint16 becomes int32, uint32
/// int64. Complex, text, structured and Python objects are refused, as are uint64, shapes that do not fit the
/// bytes and bytes after the array. Throws std::runtime_error "FILE: reason". [any thread]
[[nodiscard]] TX_API torch::Tensor read_npy(const std::filesystem::path& file, const NpyLimits& limits = {});

/// The same from bytes; `name` stands for the file in messages.
[[nodiscard]] TX_API torch::Tensor decode_npy(std::string_view bytes, const std::string& name,
                                              const NpyLimits& limits = {});

/// A version 1.0 file's bytes from a tensor of one of the types that keep theirs; C order, little endian.
/// Same bytes for the same values. Throws std::invalid_argument for other types.
[[nodiscard]] TX_API std::string encode_npy(const torch::Tensor& values);

}  // namespace taskonomy::sdk
