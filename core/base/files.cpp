#include "core/base/files.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <system_error>
#include <vector>

#include "core/base/error.hpp"
#include "core/base/text.hpp"

namespace taskonomy::base {

namespace {

constexpr const char* kTemporary = ".tmp.";

/// All of `text` as a decimal number.
template <typename Number>
std::optional<Number> whole_number(std::string_view text) {
  Number number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || text.front() == '-' || failed != std::errc() || end != text.data() + text.size())
    return std::nullopt;
  return number;
}

[[noreturn]] void fail(const std::filesystem::path& path, const std::string& doing) {
  const int cause = errno;
  std::string cure;
  if (cause == ENOSPC || cause == EDQUOT) cure = " (free some space and run the same command again)";
  const bool reads = doing == "read" || doing == "map";
  if (cause == EACCES || cause == EPERM || cause == EROFS)
    cure = reads ? " (check the permissions of the file and of its folders)"
                 : " (check the permissions of the folder)";
  if (cause == ELOOP) cure = " (a symbolic link leads back to itself; give the file's own path)";
  const bool of_disk = cause == ENOSPC || cause == EDQUOT || cause == EIO || cause == EROFS;
  throw Error(path.string() + ": cannot " + doing + ": " + std::strerror(cause) + cure, ExitCode::bad_input,
              of_disk ? Fault::disk : Fault::input);
}

/// A name is in its folder for good only once the folder is synced. Some file systems cannot sync folders, and a
/// folder may be writable without being readable; there the name comes with the system's own next sync.
void sync_folder_of(const std::filesystem::path& file) {
  const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  const int cause = ::fsync(descriptor) == 0 ? 0 : errno;
  ::close(descriptor);
  errno = cause;
  if (cause == EIO || cause == ENOSPC || cause == EDQUOT) fail(folder, "sync");
}

}  // namespace

NewFile::NewFile(const std::filesystem::path& target) : target_(target), name_(temporary_name(target)) {
  if (target.has_parent_path()) {
    std::error_code error;
    std::filesystem::create_directories(target.parent_path(), error);
    if (error) throw Error(target.parent_path().string() + ": cannot create the folder: " + error.message());
  }
  descriptor_ = ::open(name_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (descriptor_ < 0) fail(target_, "write");
}

NewFile::~NewFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!kept_) ::unlink(name_.c_str());
}

void NewFile::append(const void* bytes, std::size_t count) {
  write_at(end_, bytes, count);
  end_ += count;
}

void NewFile::write_at(std::uint64_t offset, const void* bytes, std::size_t count) {
  const char* next = static_cast<const char*>(bytes);
  while (count > 0) {
    const ssize_t written = ::pwrite(descriptor_, next, count, static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(target_, "write");
    next += written;
    offset += static_cast<std::uint64_t>(written);
    count -= static_cast<std::size_t>(written);
  }
}

void NewFile::keep() {
  if (::fsync(descriptor_) != 0) fail(target_, "sync");
  const int closed = ::close(descriptor_);
  descriptor_ = -1;
  if (closed != 0) fail(target_, "close");
  if (::rename(name_.c_str(), target_.c_str()) != 0) fail(target_, "rename the finished file to this name");
  kept_ = true;
  sync_folder_of(target_);
}

std::string read_file(const std::filesystem::path& path) {
  const MappedFile file(path);
  return {reinterpret_cast<const char*>(file.data()), file.size()};
}

namespace {

/// Reads a pipe or a terminal until it ends.
std::string read_to_end(const std::filesystem::path& path, int descriptor) {
  constexpr std::size_t kMost = std::size_t{1} << 30;
  std::string text;
  std::vector<char> buffer(1 << 16);
  for (;;) {
    const ssize_t count = ::read(descriptor, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail(name_of_input(path), "read");
    if (count == 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(count));
    if (text.size() > kMost) throw Error(name_of_input(path) + ": more than 1 GiB; expected a text");
  }
}

}  // namespace

std::string name_of_input(const std::filesystem::path& path) { return path == "-" ? "stdin" : path.string(); }

std::string read_input(const std::filesystem::path& path) {
  if (path == "-") return read_to_end(path, STDIN_FILENO);
  struct stat status {};
  const bool pipe = ::stat(path.c_str(), &status) == 0 &&
                    (S_ISFIFO(status.st_mode) || S_ISCHR(status.st_mode) || S_ISSOCK(status.st_mode));
  if (!pipe) return read_file(path);
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) fail(path, "read");
  try {
    std::string text = read_to_end(path, descriptor);
    ::close(descriptor);
    return text;
  } catch (...) {
    ::close(descriptor);
    throw;
  }
}

void write_file(const std::filesystem::path& path, std::string_view bytes) {
  write_file(path, [&](const auto& append) { append(bytes.data(), bytes.size()); });
}

void write_file(
    const std::filesystem::path& path,
    const std::function<void(const std::function<void(const void*, std::size_t)>& append)>& writer) {
  NewFile file(path);
  writer([&](const void* bytes, std::size_t count) { file.append(bytes, count); });
  file.keep();
}

std::filesystem::path temporary_name(const std::filesystem::path& target) {
  const ProcessId process = this_process();
  return target.string() + kTemporary + process.host + "." + std::to_string(process.pid) + "." +
         std::to_string(process.start);
}

std::optional<ProcessId> writer_of(const std::filesystem::path& file) {
  const std::string name = file.filename().string();
  const auto mark = name.rfind(kTemporary);
  if (mark == 0 || mark == std::string::npos) return std::nullopt;
  const auto parts = split(std::string_view(name).substr(mark + std::strlen(kTemporary)), '.');
  const auto pid = whole_number<int>(parts.size() == 3 ? parts[1] : parts[0]);
  const auto start = parts.size() == 3 ? whole_number<std::uint64_t>(parts[2]) : 0;
  if ((parts.size() != 1 && (parts.size() != 3 || parts[0].empty())) || !pid || !start) return std::nullopt;
  return ProcessId{parts.size() == 3 ? parts[0] : "", *pid, *start};
}

bool is_abandoned(const std::filesystem::path& file) {
  constexpr auto kForeign = std::chrono::hours(6);  // clocks of two computers differ by less
  const auto writer = writer_of(file);
  if (!writer) return false;
  const Life life = life_of(*writer);
  if (life != Life::unknown) return life == Life::ended;
  std::error_code error;
  const auto written = std::filesystem::last_write_time(file, error);
  return !error && std::filesystem::file_time_type::clock::now() - written > kForeign;
}

TemporaryFolder::TemporaryFolder(const std::string& purpose) {
  std::string name = (std::filesystem::temp_directory_path() / ("taskonomy-" + purpose + "-XXXXXX")).string();
  if (::mkdtemp(name.data()) == nullptr)
    throw Error("cannot make a temporary folder " + name + ": " + std::strerror(errno), ExitCode::usage);
  path_ = std::filesystem::canonical(name);
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
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
