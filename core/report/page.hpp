// The report as one self-contained page: no network, no file beside it, no solver at reading time.
#pragma once

#include <filesystem>
#include <string>

#include "core/report/page_content.hpp"

namespace taskonomy::report {

/// HTML of the whole report: markup, styles, scripts, chart library and data in one text. Names from tables
/// and recipes are data, never markup. The same content gives the same bytes. An empty table leaves out the
/// figures that need one.
[[nodiscard]] std::string page(const PageContent& content);

/// Writes it atomically. Throws Error naming the path.
void write_page(const std::filesystem::path& path, const PageContent& content);

}  // namespace taskonomy::report
