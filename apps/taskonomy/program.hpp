// This program itself: its version, and where its own files lie. They lie below the folder that holds its
// bin/, wherever that was moved to; a build folder is laid out alike.
#pragma once

#include <filesystem>
#include <string>

namespace taskonomy::cli {

/// The version of the program: "1.0.0".
[[nodiscard]] std::string version();

/// The folder above this program's bin/.
[[nodiscard]] std::filesystem::path installation_prefix();

/// PREFIX/share/taskonomy/NAME: "templates", "recipes", "published/task_names.csv". Throws base::Error where
/// it is missing.
[[nodiscard]] std::filesystem::path shared(const std::string& name);

}  // namespace taskonomy::cli
