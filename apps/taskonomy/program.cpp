#include "apps/taskonomy/program.hpp"

#include "core/base/error.hpp"
#include "core/base/machine.hpp"

namespace taskonomy::cli {

namespace fs = std::filesystem;

std::string version() { return TASKONOMY_VERSION; }

fs::path installation_prefix() { return fs::path(base::this_program()).parent_path().parent_path(); }

fs::path shared_folder(const std::string& name) {
  const fs::path folder = installation_prefix() / "share/taskonomy" / name;
  std::error_code failed;
  if (fs::is_directory(folder, failed)) return folder;
  throw base::Error(folder.string() +
                    " is not there; this program was copied out of its installation: install all of it "
                    "(cmake --install BUILD --prefix DIR, or the Debian package)");
}

}  // namespace taskonomy::cli
