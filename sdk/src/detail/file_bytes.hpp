// Bytes of files from outside, for the readers of image and npy files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace taskonomy::sdk {

/// Throws std::runtime_error "NAME: REASON"; `name` is the file's, for people.
[[noreturn]] void unreadable(const std::string& name, const std::string& reason);

/// The whole file. Throws std::runtime_error "FILE: reason" when it cannot be read or is longer than
/// `max_bytes`, before any memory is taken for it.
[[nodiscard]] std::string read_bytes(const std::filesystem::path& file, std::int64_t max_bytes);

}  // namespace taskonomy::sdk
