#include "core/base/local_copies.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdint>
#include <string>
#include <system_error>

#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "core/base/hash.hpp"

namespace taskonomy::base {

namespace fs = std::filesystem;

namespace {

constexpr std::uintmax_t kSpare = std::uintmax_t{1} << 30;  // bytes of the disk that stay free

/// "taskonomy-1000-": folders of this user.
std::string prefix_of_folders() { return "taskonomy-" + std::to_string(::getuid()) + "-"; }

/// Removes what processes left behind that are not there any more.
void sweep(const fs::path& parent) {
  const std::string prefix = prefix_of_folders();
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(parent, ignored)) {
    const std::string name = entry.path().filename();
    if (!name.starts_with(prefix)) continue;
    pid_t owner = 0;
    const char* end = name.data() + name.size();
    const auto [read, failed] = std::from_chars(name.data() + prefix.size(), end, owner);
    if (failed != std::errc() || read != end) continue;
    if (::kill(owner, 0) != 0 && errno == ESRCH) fs::remove_all(entry.path(), ignored);
  }
}

/// The exclusive lock of a file, while it lives. Others wait.
class Lock {
 public:
  explicit Lock(const fs::path& file) : file_(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
    while (file_ >= 0 && ::flock(file_, LOCK_EX) != 0 && errno == EINTR) {
    }
  }
  ~Lock() {
    if (file_ >= 0) ::close(file_);
  }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

 private:
  int file_;
};

/// What tells a file from what it was before and from others.
std::string identity_of(const fs::path& file, std::uintmax_t size) {
  const auto changed = fs::last_write_time(file).time_since_epoch().count();
  return checksum(fs::absolute(file).string() + "\n" + std::to_string(size) + "\n" + std::to_string(changed));
}

}  // namespace

CopiesFolder::CopiesFolder(const fs::path& parent)
    : path_(parent / (prefix_of_folders() + std::to_string(::getpid()))) {
  std::error_code failed;
  fs::create_directories(parent, failed);
  sweep(parent);
  fs::remove_all(path_, failed);
  if (!fs::create_directory(path_, failed))
    throw Error(parent.string() + ": cannot make a folder for copies in it: " + failed.message());
  fs::permissions(path_, fs::perms::owner_all);
}

CopiesFolder::~CopiesFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

fs::path LocalCopies::of(const fs::path& file) const {
  if (folder_.empty()) return file;
  try {
    const auto size = fs::file_size(file);
    const fs::path copy = folder_ / identity_of(file, size);
    if (fs::exists(copy)) return copy;
    const Lock lock(folder_ / "lock");
    if (fs::exists(copy)) return copy;
    if (fs::space(folder_).available < size + kSpare) return file;
    const fs::path begun = temporary_name(copy);
    fs::copy_file(file, begun, fs::copy_options::overwrite_existing);
    if (fs::file_size(begun) != size) return file;  // it grows
    fs::rename(begun, copy);
    return copy;
  } catch (const fs::filesystem_error&) {
    return file;  // whoever reads it says what is wrong with it
  }
}

}  // namespace taskonomy::base
