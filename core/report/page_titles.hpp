// What people call tasks: the titles of their plugins in the place of their ids, wherever the page names them.
#pragma once

#include "core/analysis/run_difference.hpp"
#include "core/report/page.hpp"
#include "core/report/page_optima.hpp"

namespace taskonomy::report {

/// The same content and optima under the titles that PageContent::texts has. Solve first: of two taxonomies that are
/// equally good the solver takes the one that is early in the order of the names that it is given. Where a task has no
/// title, or two of them have the same one, its id stays. Commands and files need ids: the page's data has both.
[[nodiscard]] PageContent with_titles(PageContent content);
[[nodiscard]] Optima with_titles(Optima optima, const std::vector<TaskText>& texts);
[[nodiscard]] analysis::RunDifference with_titles(analysis::RunDifference difference,
                                                  const std::vector<TaskText>& texts);

/// The title of a task by its id, as with_titles() uses it.
[[nodiscard]] std::map<std::string, std::string> titles_of(const std::vector<TaskText>& texts);

}  // namespace taskonomy::report
