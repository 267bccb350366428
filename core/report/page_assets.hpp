// The files of share/report, embedded by the build (share/cmake/EmbedText.cmake).
#pragma once

#include <string_view>
#include <vector>

namespace taskonomy::report {

/// One file as it stands in share/report.
struct Asset {
  std::string_view name;  ///< "page.html", "vendor/charts.min.js"
  std::string_view text;  ///< UTF-8
};

/// All of them; scripts in the order in which the page runs them.
[[nodiscard]] const std::vector<Asset>& page_assets();

}  // namespace taskonomy::report
