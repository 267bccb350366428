// Arrays of NumPy's .npy files as tensors, for authors of datasets: versions 1.0 to 3.0 of the format (NumPy
// Enhancement Proposal 1). A damaged, truncated or oversized file gives an error, never a crash; nothing in a
// file is ever executed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include <taskonomy/sdk/torch.hpp>

#include <taskonomy/sdk/detail/api.hpp>

namespace taskonomy::sdk {

/// What is refused before memory is taken for it: a header of 80 bytes may claim any shape.
struct NpyLimits {
  std::int64_t max_elements = 64 * 1024 * 1024;
  std::int64_t max_bytes = 512 * 1024 * 1024;  ///< of the file
};

/// The array of a file as a contiguous tensor of its shape, from C or Fortran order and either byte order.
/// bool, int8..int64, uint8 and float16..float64 keep their type; uint16 becomes int32, uint32 becomes int64.
/// Refused are uint64, complex numbers, text, structures and Python objects, a shape that does not fit the
/// bytes, and bytes after the array. Throws std::runtime_error "FILE: reason". [any thread]
[[nodiscard]] TX_API torch::Tensor read_npy(const std::filesystem::path& file, const NpyLimits& limits = {});

/// The same from the bytes of a file; messages call it `name`.
[[nodiscard]] TX_API torch::Tensor decode_npy(std::string_view bytes, const std::string& name,
                                              const NpyLimits& limits = {});

/// The bytes of a file of version 1.0, in C order and little endian, from a tensor of one of the types that
/// keep theirs. The same values give the same bytes. Throws std::invalid_argument for other types.
[[nodiscard]] TX_API std::string encode_npy(const torch::Tensor& values);

}  // namespace taskonomy::sdk
