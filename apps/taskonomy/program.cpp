#include "apps/taskonomy/program.hpp"

#include "core/base/error.hpp"
#include "core/base/machine.hpp"

namespace taskonomy::cli {

namespace fs = std::filesystem;

std::string version() { return TASKONOMY_VERSION; }

fs::path installation_prefix() { return fs::path(base::this_program()).parent_path().parent_path(); }

fs::path shared(const std::string& name) {
  const fs::path path = installation_prefix() / "share/taskonomy" / name;
  std::error_code failed;
  if (fs::exists(path, failed)) return path;
  throw base::Error(path.string() +
                    " is not there; this program was copied out of its installation: install all of it "
                    "(cmake --install BUILD --prefix DIR, or the Debian package)");
}

}  // namespace taskonomy::cli
