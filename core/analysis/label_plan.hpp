// Which labels to buy, and in which order: what the optima of a sweep over budgets tell somebody whose labels
// cost something.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/analysis/cross_fit.hpp"
#include "core/analysis/win_rates.hpp"
#include "core/recipe/prices.hpp"
#include "core/taxonomy/taxonomy.hpp"

namespace taskonomy::analysis {

using recipe::Prices;

/// The sources of a taxonomy by what they ask for, each in name order.
struct Asked {
  std::vector<std::string> label;      ///< labels to buy, a network to train
  std::vector<std::string> train;      ///< a network to train; its labels cost nothing
  std::vector<std::string> untrained;  ///< nothing
};
[[nodiscard]] Asked asked_of(const std::vector<std::string>& sources, const Prices& prices);

/// One step of the plan: the smallest budget with these labels.
struct LabelStep {
  double budget = 0.0;
  std::vector<std::string> label;   ///< all labels bought at this budget, in name order
  std::vector<std::string> added;   ///< not bought at the step before
  std::vector<std::string> gone;    ///< bought at the step before
  Interval reached;                 ///< objective, as a share of that of the largest budget
  std::vector<std::string> others;  ///< targets that transfers serve, in the table's order
  Means means;                      ///< over those targets
};

struct LabelPlan {
  std::vector<LabelStep> steps;  ///< by budget; the first may buy nothing
  std::size_t enough = 0;  ///< the step behind which labels stop paying; the last one when all of them pay
};

/// Below this share of the full budget's objective, one more unit of cost does not pay.
inline constexpr double kPays = 0.05;

/// Reads the plan off a sweep (ascending budgets, at least one). Which labels come in which order is what the
/// sweep says. What they reach, and so where labels stop paying, is what the halves say, where `judgement` is
/// by halves; otherwise what the sweep says of itself. Labels stop paying behind the first step from which on
/// every larger budget adds less than kPays of the last objective per unit of cost.
[[nodiscard]] LabelPlan label_plan(const std::vector<taxonomy::Taxonomy>& sweep, const Prices& prices,
                                   const std::optional<Judgement>& judgement = {});

}  // namespace taskonomy::analysis
