#include "core/base/files.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/base/error.hpp"

namespace taskonomy::base {

namespace {

[[noreturn]] void fail(const std::filesystem::path& path, const std::string& doing) {
  const int cause = errno;
  std::string cure;
  if (cause == ENOSPC || cause == EDQUOT) cure = " (free some space and run the same command again)";
  if (cause == EACCES || cause == EPERM || cause == EROFS) cure = " (check the permissions of the folder)";
  throw Error(path.string() + ": cannot " + doing + ": " + std::strerror(cause) + cure);
}

/// A file descriptor that is closed, and a temporary name that is removed unless kept.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::filesystem::path& target)
      : target_(target), name_(target.string() + ".tmp." + std::to_string(::getpid())) {
    if (target.has_parent_path()) {
      std::error_code error;
      std::filesystem::create_directories(target.parent_path(), error);
      if (error)
        throw Error(target.parent_path().string() + ": cannot create the folder: " + error.message());
    }
    descriptor_ = ::open(name_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (descriptor_ < 0) fail(target_, "write");
  }
  ~TemporaryFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
    if (!kept_) ::unlink(name_.c_str());
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  void append(const void* bytes, std::size_t count) {
    const char* next = static_cast<const char*>(bytes);
    while (count > 0) {
      const ssize_t written = ::write(descriptor_, next, count);
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) fail(target_, "write");
      next += written;
      count -= static_cast<std::size_t>(written);
    }
  }

  void keep() {
    if (::fsync(descriptor_) != 0) fail(target_, "sync");
    const int closed = ::close(descriptor_);
    descriptor_ = -1;
    if (closed != 0) fail(target_, "close");
    if (::rename(name_.c_str(), target_.c_str()) != 0) fail(target_, "rename the finished file to this name");
    kept_ = true;
  }

 private:
  std::filesystem::path target_;
  std::string name_;
  int descriptor_ = -1;
  bool kept_ = false;
};

}  // namespace

std::string read_file(const std::filesystem::path& path) {
  const MappedFile file(path);
  return {reinterpret_cast<const char*>(file.data()), file.size()};
}

void write_file(const std::filesystem::path& path, std::string_view bytes) {
  write_file(path, [&](const auto& append) { append(bytes.data(), bytes.size()); });
}

void write_file(
    const std::filesystem::path& path,
    const std::function<void(const std::function<void(const void*, std::size_t)>& append)>& writer) {
  TemporaryFile file(path);
  writer([&](const void* bytes, std::size_t count) { file.append(bytes, count); });
  file.keep();
}

MappedFile::MappedFile(const std::filesystem::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) fail(path, "read");
  struct stat status {};
  if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
    const bool folder = S_ISDIR(status.st_mode);
    ::close(descriptor);
    throw Error(path.string() + (folder ? ": is a folder, expected a file" : ": not a regular file"));
  }
  size_ = static_cast<std::size_t>(status.st_size);
  if (size_ > 0) {
    void* address = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, descriptor, 0);
    if (address == MAP_FAILED) {
      ::close(descriptor);
      fail(path, "map");
    }
    data_ = static_cast<const std::byte*>(address);
  }
  ::close(descriptor);
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) ::munmap(const_cast<std::byte*>(data_), size_);
}

}  // namespace taskonomy::base
