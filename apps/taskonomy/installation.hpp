// Where this program's own files lie: below the folder that holds its bin/, wherever that was moved to. A
// build folder is laid out alike.
#pragma once

#include <filesystem>
#include <string>

namespace taskonomy::cli {

/// The folder above this program's bin/.
[[nodiscard]] std::filesystem::path installation_prefix();

/// PREFIX/share/taskonomy/NAME: "templates", "recipes", "published". Throws base::Error where it is missing.
[[nodiscard]] std::filesystem::path shared_folder(const std::string& name);

}  // namespace taskonomy::cli
