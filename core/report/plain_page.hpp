// What the page says without scripts: the answer in words, and the optima of three budgets as tables.
#pragma once

#include <string>

#include "core/report/page.hpp"
#include "core/report/page_optima.hpp"

namespace taskonomy::report {

/// What to label and, folded, what not to believe, as markup; of a bare table the first, which costs of 1 decide.
[[nodiscard]] std::string answer_html(const PageContent& content, const Optima& optima);

/// The optimum of the smallest budget, of the one that the page shows first and of the largest: what to label, then a
/// table of targets. Numbers are those of `taskonomy solve`. "" where nothing is feasible.
[[nodiscard]] std::string plain_html(const PageContent& content, const Optima& optima);

}  // namespace taskonomy::report
