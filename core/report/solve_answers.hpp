// What `taskonomy solve` says beside a taxonomy: reasons, the K best, what restrictions cost, budgets that
// matter.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/taxonomy/front.hpp"
#include "core/taxonomy/reasons.hpp"
#include "core/taxonomy/taxonomy.hpp"

namespace taskonomy::report {

/// One optimum and what was asked about it.
struct Answer {
  taxonomy::Taxonomy taxonomy;
  std::optional<taxonomy::RestrictionCosts> restrictions;  ///< when sources were forced or forbidden
  std::optional<double> marginal;                          ///< when one more unit of budget was asked about
};

/// taxonomy_text(), then what restrictions cost and one more unit of budget adds.
[[nodiscard]] std::string answer_text(const Answer& answer);
/// The object of taxonomy_json.hpp with `restrictions` {free_objective, loss, single[{name, kind, loss}]} and
/// `marginal` where they are there.
[[nodiscard]] std::string answer_json(const Answer& answer);

/// sweep_text(), then what the next unit of budget adds, budgets off the Pareto front, and when sources enter
/// and leave.
[[nodiscard]] std::string sweep_answer_text(const std::vector<taxonomy::Taxonomy>& sweep);
/// The array of taxonomy_json.hpp, each with `pareto` (no smaller budget is as good), `enters` and `leaves`
/// (sources, against the budget before).
[[nodiscard]] std::string sweep_answer_json(const std::vector<taxonomy::Taxonomy>& sweep);

/// One line per taxonomy: objective, what it loses against the first, sources.
[[nodiscard]] std::string best_text(const std::vector<taxonomy::Taxonomy>& best);

/// A target's transfer and the others, with loss and budget needed.
[[nodiscard]] std::string reasons_text(const taxonomy::Reasons& reasons);
/// {target, budget, objective, chosen{sources, affinity}, alternatives[{sources, affinity, value, loss,
/// budget_needed}], needless, status}; null: no taxonomy within the budget, or at any budget.
[[nodiscard]] std::string reasons_json(const taxonomy::Reasons& reasons);

}  // namespace taskonomy::report
