#include "core/checks/scratch_folder.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>

#include "core/base/error.hpp"

namespace taskonomy::checks {

namespace fs = std::filesystem;

ScratchFolder::ScratchFolder() {
  std::string name = (fs::temp_directory_path() / "taskonomy-check-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr)
    throw base::Error("cannot make a temporary folder " + name + ": " + std::strerror(errno),
                      base::ExitCode::usage);
  path_ = fs::canonical(name);
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

CurrentFolder::CurrentFolder(const fs::path& folder) : before_(fs::current_path()) {
  fs::create_directories(folder);
  fs::current_path(folder);
}

CurrentFolder::~CurrentFolder() {
  std::error_code ignored;
  fs::current_path(before_, ignored);
}

}  // namespace taskonomy::checks
