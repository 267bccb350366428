// The second of two runs, or tables, that one page compares.
#pragma once

#include <memory>
#include <string>

#include "apps/taskonomy/command.hpp"
#include "core/report/beside.hpp"

namespace taskonomy::cli {

/// What the page shows of one of them before anything is compared. A title is the recipe's name or that of the file.
[[nodiscard]] report::PageContent page_content_of(const std::string& argument);
/// Whether the argument is the folder of a run, not a table.
[[nodiscard]] bool is_run(const std::string& argument);

/// Reads `second` and gives it to `content`, the page of `first`, with what the comparison of two runs needs: losses of
/// the test images, the values of metrics, and what they were made with that differs. Where both have the same title
/// they are called by their folders. Where they share no target as they stand, tables are read in our names.
/// --cost, --importance, --judge and --bootstrap of `values` hold for both.
void add_beside(report::PageContent& content, const std::string& first, const std::string& second,
                const Values& values);

}  // namespace taskonomy::cli
