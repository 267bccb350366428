// Files that are whole or absent: written under a temporary name, synced, renamed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/machine.hpp"

namespace taskonomy::base {

/// The whole file. Throws Error naming the path and the reason.
[[nodiscard]] std::string read_file(const std::filesystem::path& path);

/// What a person names as input: a file, "-" for standard input, or a pipe (/dev/stdin, a FIFO, `<(...)` of a
/// shell), which is read to its end. Throws Error naming it; also for more than 1 GiB out of a pipe.
[[nodiscard]] std::string read_input(const std::filesystem::path& path);
/// How messages call it: the path, or "stdin" for "-".
[[nodiscard]] std::string name_of_input(const std::filesystem::path& path);

/// Replaces path by bytes, atomically: a crash or a full disk leaves the old file or none, never half of the
/// new one. File and folder are synced: what was written before a power failure is there after it. Creates
/// missing parent folders. Throws Error naming the path and the reason.
void write_file(const std::filesystem::path& path, std::string_view bytes);

/// The same for content that is produced in pieces: writer gets a function that appends bytes.
void write_file(
    const std::filesystem::path& path,
    const std::function<void(const std::function<void(const void*, std::size_t)>& append)>& writer);

/// A file that is written in pieces. It has its name, and what it replaces is gone, once keep() was called; without
/// that, as when an error ends the writing, nothing stays. What is said of write_file() holds here, too.
class NewFile {
 public:
  explicit NewFile(const std::filesystem::path& target);
  ~NewFile();
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;
  void append(const void* bytes, std::size_t count);
  /// At any place of the file, which grows as it must. append() goes on where it was.
  void write_at(std::uint64_t offset, const void* bytes, std::size_t count);
  void keep();

 private:
  std::filesystem::path target_;
  std::string name_;
  std::uint64_t end_ = 0;  ///< of what was appended
  int descriptor_ = -1;
  bool kept_ = false;
};

/// The name under which this process writes `target` before it is whole: "TARGET.tmp.HOST.PID.START", so that
/// processes on several computers that write one file do not meet, and everybody can see whose it is.
[[nodiscard]] std::filesystem::path temporary_name(const std::filesystem::path& target);

/// Who writes, or was writing, a temporary file; nothing where the name is no temporary one. Reads also
/// "TARGET.tmp.PID", the names of version 1.0: their process has no host, so nobody knows whether it runs.
[[nodiscard]] std::optional<ProcessId> writer_of(const std::filesystem::path& file);

/// Whether a temporary file can be removed: its writer was a process of this computer and has ended, or was
/// one of another computer and has written nothing for six hours. A file of a living or unknown writer, one
/// that is no temporary file and one that is gone are not abandoned. [any thread]
[[nodiscard]] bool is_abandoned(const std::filesystem::path& file);

/// A folder under the system's temporary one, removed with all in it when the object dies.
class TemporaryFolder {
 public:
  /// `purpose` stands in its name: "taskonomy-check-Ab12Cd". Throws Error naming the place and the reason.
  explicit TemporaryFolder(const std::string& purpose);
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

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
