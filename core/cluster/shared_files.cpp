#include "core/cluster/shared_files.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "core/base/error.hpp"
#include "core/base/files.hpp"

namespace taskonomy::cluster {

namespace {

void list_folder(const std::filesystem::path& folder) {
  if (DIR* open = ::opendir(folder.c_str()); open != nullptr) {
    while (::readdir(open) != nullptr) {
    }
    ::closedir(open);
  }
}

/// The size of a file that can be opened; nothing else counts as seen.
std::optional<std::uint64_t> size_of_open(const std::filesystem::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    if (errno == ENOENT || errno == ESTALE) list_folder(file.parent_path());
    return std::nullopt;
  }
  struct stat state {};
  const bool known = ::fstat(descriptor, &state) == 0;
  ::close(descriptor);
  return known ? std::optional(static_cast<std::uint64_t>(state.st_size)) : std::nullopt;
}

}  // namespace

std::optional<std::string> read_shared(const std::filesystem::path& file) {
  if (!size_of_open(file)) return std::nullopt;
  try {
    return base::read_file(file);
  } catch (const base::Error&) {
    return std::nullopt;
  }
}

std::string unseen_file(const jobs::RunDirectory& run, const std::string& id, const std::string& key,
                        const std::map<std::string, std::string>& sums) {
  const auto file = run.record_file(id);
  const std::string name = file.lexically_relative(run.root()).string();
  if (!size_of_open(file)) return name;
  const auto record = run.record(id);
  if (!record || record->key != key || (!sums.empty() && record->sums != sums)) {
    list_folder(file.parent_path());
    return name;
  }
  for (const auto& [artefact, bytes] : record->files)
    if (size_of_open(run.root() / artefact) != bytes) return artefact;
  return "";
}

}  // namespace taskonomy::cluster
