// Bytes of files from outside, for readers of any format: whatever lies in a file, the worst that happens
// is an error that names it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include <taskonomy/sdk/detail/api.hpp>

namespace taskonomy::sdk {

/// Throws std::runtime_error "NAME: REASON"; `name` is the file's, for people.
[[noreturn]] TX_API void unreadable(const std::string& name, const std::string& reason);

/// The whole file. Throws std::runtime_error "FILE: reason" when it cannot be read or is longer than
/// `max_bytes`, before any memory is taken for it.
[[nodiscard]] TX_API std::string read_bytes(const std::filesystem::path& file, std::int64_t max_bytes);

}  // namespace taskonomy::sdk
