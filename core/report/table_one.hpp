// Table 1 as a file of a run: what the terminal's table and the page show.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/analysis/source_check.hpp"

namespace taskonomy::report {

inline constexpr const char* kTableOneFile = "table-1.csv";

/// CSV task,beats_constant,beats_random,images; an unknown share is empty.
[[nodiscard]] std::string table_one_csv(const std::vector<analysis::SourceCheck>& checks);

/// Reads it back. Throws Error "FILE:LINE: ..." for another header, a wrong number of cells and malformed
/// numbers.
[[nodiscard]] std::vector<analysis::SourceCheck> read_table_one(const std::filesystem::path& path);

}  // namespace taskonomy::report
