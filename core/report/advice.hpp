// What a run, or a table, answers first: which tasks to label, in which order, what the others then reach,
// where that stops paying, and what not to believe.
#pragma once

#include <string>
#include <vector>

#include "core/analysis/label_plan.hpp"
#include "core/analysis/verdicts.hpp"

namespace taskonomy::report {

/// The answer in words and one short table. Its first sentence names the labels to buy in the order in which
/// growing budgets add them, up to where they stop paying. `sweep`: ascending budgets, at least one.
[[nodiscard]] std::string advice_text(const std::vector<taxonomy::Taxonomy>& sweep,
                                      const recipe::Prices& prices);

/// Its first sentences alone, on one line.
[[nodiscard]] std::string advice_headline(const std::vector<taxonomy::Taxonomy>& sweep,
                                          const recipe::Prices& prices);

/// What not to believe, one kind of doubt each, and what to do; unwrapped. Empty without doubts.
[[nodiscard]] std::vector<std::string> doubts_of(const std::vector<analysis::Verdict>& verdicts);

/// What not to believe, one paragraph each, and what to do: networks that do not beat the constant guess, transfers
/// that are no better than it, targets whose best two sources cannot be told apart. Without doubts one line
/// that says so; "" where nothing was tested.
[[nodiscard]] std::string doubts_text(const std::vector<analysis::Verdict>& verdicts);

}  // namespace taskonomy::report
