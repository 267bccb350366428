// Copies of files on this machine's own disk: for large files in a folder that machines share over a network, which
// every training would read over that network again.
#pragma once

#include <filesystem>

namespace taskonomy::base {

/// A folder of this process's own below another one, for its copies. It goes at the end, and with it those of
/// processes that were killed.
class CopiesFolder {
 public:
  /// `parent` is made where it is not there. Throws Error naming it when no folder can be made in it.
  explicit CopiesFolder(const std::filesystem::path& parent);
  ~CopiesFolder();
  CopiesFolder(const CopiesFolder&) = delete;
  CopiesFolder& operator=(const CopiesFolder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// Copies that several processes share. Without a folder ("") there are none.
class LocalCopies {
 public:
  explicit LocalCopies(std::filesystem::path folder = "") : folder_(std::move(folder)) {}
  /// Where to read `file`: a copy of it as it is now (by path, size and time of change), made where there is none
  /// yet. The file itself where it cannot be copied, or where less than 1 GiB of the disk would stay free.
  [[nodiscard]] std::filesystem::path of(const std::filesystem::path& file) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace taskonomy::base
