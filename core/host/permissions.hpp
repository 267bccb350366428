// Who else may change what this process is about to load.
#pragma once

#include <filesystem>

namespace taskonomy::host {

/// Whether every user of this machine may write the file or folder; false where there is none.
[[nodiscard]] bool anybody_may_write(const std::filesystem::path& path);

}  // namespace taskonomy::host
