// What a run, or a table, answers first: which tasks to label, in which order, what the others then reach,
// where that stops paying, and what not to believe.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/analysis/cross_fit.hpp"
#include "core/analysis/label_plan.hpp"
#include "core/analysis/learning_curve.hpp"
#include "core/analysis/verdicts.hpp"

namespace taskonomy::report {

/// A sentence that says on which images a choice was judged: "Judged by halves: ...".
[[nodiscard]] std::string judge_text(const analysis::Judgement& judgement);

/// What the images of a run say of its networks; empty for bare tables.
struct Evidence {
  std::vector<analysis::Verdict> verdicts{};
  std::vector<analysis::LearningCurve> curves{};
};

/// The answer in words and one short table. Its first sentence names the labels to buy in the order in which
/// growing budgets add them, up to where they stop paying. `sweep`: ascending budgets, at least one.
/// `judgement`: what the plan reaches, and its Gain and Quality; without one those of the sweep, the paper's
/// way. `evidence` adds which labels need more images and which networks not to believe; where none learned,
/// the sentence says that and nothing else.
[[nodiscard]] std::string advice_text(const std::vector<taxonomy::Taxonomy>& sweep,
                                      const recipe::Prices& prices,
                                      const std::optional<analysis::Judgement>& judgement = {},
                                      const Evidence& evidence = {});

/// Its first sentences alone, on one line.
[[nodiscard]] std::string advice_headline(const std::vector<taxonomy::Taxonomy>& sweep,
                                          const recipe::Prices& prices,
                                          const std::optional<analysis::Judgement>& judgement = {},
                                          const Evidence& evidence = {});

/// Which networks not to believe, on one line: "Believe nothing of a and b: ..."; "" where every network
/// learned.
[[nodiscard]] std::string disbelief_text(const std::vector<analysis::Verdict>& verdicts);

/// What not to believe, one kind of doubt each, and what to do; unwrapped. Empty without doubts.
[[nodiscard]] std::vector<std::string> doubts_of(const std::vector<analysis::Verdict>& verdicts);

/// What not to believe, one paragraph each, and what to do: networks that do not beat the constant guess, transfers
/// that are no better than it, targets whose best two sources cannot be told apart. Without doubts one line
/// that says so; "" where nothing was tested.
[[nodiscard]] std::string doubts_text(const std::vector<analysis::Verdict>& verdicts);

}  // namespace taskonomy::report
