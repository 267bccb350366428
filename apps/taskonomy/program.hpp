// This program itself: its version, and where its own files lie. They lie below the folder that holds its
// bin/, wherever that was moved to; a build folder is laid out alike.
#pragma once

#include <filesystem>
#include <string>

#include "core/base/error.hpp"
#include "core/base/machine.hpp"

namespace taskonomy::cli {

/// The version of the program: "1.0.0".
[[nodiscard]] inline std::string version() { return TASKONOMY_VERSION; }

/// The folder above this program's bin/.
[[nodiscard]] inline std::filesystem::path installation_prefix() {
  return std::filesystem::path(base::this_program()).parent_path().parent_path();
}

/// PREFIX/share/taskonomy/NAME: "templates", "recipes", "published/task_names.csv". Throws base::Error where
/// it is missing.
[[nodiscard]] inline std::filesystem::path shared(const std::string& name) {
  const auto path = installation_prefix() / "share/taskonomy" / name;
  std::error_code failed;
  if (std::filesystem::exists(path, failed)) return path;
  throw base::Error(path.string() +
                    " is not there; this program was copied out of its installation: install all of it "
                    "(cmake --install BUILD --prefix DIR, or the Debian package)");
}

/// The file that find_package(Taskonomy) looks for below a prefix.
inline constexpr const char* kSdkPackage = "lib/cmake/Taskonomy/TaskonomyConfig.cmake";

/// Whether the SDK, a package of its own, is installed beside the program.
[[nodiscard]] inline bool has_sdk_package(const std::filesystem::path& prefix) {
  std::error_code failed;
  return std::filesystem::exists(prefix / kSdkPackage, failed);
}

}  // namespace taskonomy::cli
