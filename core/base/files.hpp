// Files that are whole or absent: written under a temporary name, synced, renamed.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace taskonomy::base {

/// The whole file. Throws Error naming the path and the reason.
[[nodiscard]] std::string read_file(const std::filesystem::path& path);

/// Replaces path by bytes, atomically: a crash or a full disk leaves the old file or none, never half of the
/// new one. Creates missing parent folders. Throws Error naming the path and the reason.
void write_file(const std::filesystem::path& path, std::string_view bytes);

/// The same for content that is produced in pieces: writer gets a function that appends bytes.
void write_file(
    const std::filesystem::path& path,
    const std::function<void(const std::function<void(const void*, std::size_t)>& append)>& writer);

/// A file mapped read-only; stays valid while the object lives. [any thread]
class MappedFile {
 public:
  /// Throws Error naming the path and the reason. An empty file maps to size() == 0.
  explicit MappedFile(const std::filesystem::path& path);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  [[nodiscard]] const std::byte* data() const noexcept { return data_; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

 private:
  const std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace taskonomy::base
