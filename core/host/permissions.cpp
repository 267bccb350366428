#include "core/host/permissions.hpp"

#include <sys/stat.h>

namespace taskonomy::host {

bool anybody_may_write(const std::filesystem::path& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && (status.st_mode & S_IWOTH) != 0;
}

}  // namespace taskonomy::host
