// Taxonomies for people and programs: what `taskonomy solve` prints as text, JSON and CSV, and what
// taxonomy.json holds.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/recipe/prices.hpp"
#include "core/taxonomy/alternatives.hpp"
#include "core/taxonomy/taxonomy.hpp"

namespace taskonomy::report {

/// How a cost reads: "3", or "3 hours" where costs have a unit.
[[nodiscard]] std::string cost_text(double cost, const recipe::Prices& prices);

/// A table of one taxonomy: each target with its sources, affinity, gain and quality, then the means and the
/// sources to label, to train without labels and to use untrained, as the prices say. Lines have at most about
/// kTextWidth letters.
[[nodiscard]] std::string taxonomy_text(const taxonomy::Taxonomy& taxonomy, const recipe::Prices& prices);

/// One line per budget: objective, means, sources; in brackets those that need no labels.
[[nodiscard]] std::string sweep_text(const std::vector<taxonomy::Taxonomy>& sweep,
                                     const recipe::Prices& prices);

/// {budget, max_order, transform, objective, status, sources[], transfers[{target, sources[], affinity}],
/// mean_gain, mean_quality, seconds}; unknown means are null. Some members are there only where they apply:
/// `labels` of a transfer; `goal` when something other than affinities is added up; `label_cost`; `bound` and
/// `gap` when the optimum is not proven. Indented, without a line break at the end.
[[nodiscard]] std::string to_json(const taxonomy::Taxonomy& taxonomy);
/// An array of them.
[[nodiscard]] std::string to_json(const std::vector<taxonomy::Taxonomy>& sweep);
/// Writes the array atomically, without `seconds`, so that the same run gives the same bytes. Throws Error
/// naming the path.
void write_taxonomy_json(const std::filesystem::path& path, const std::vector<taxonomy::Taxonomy>& sweep);

/// The sources of the transfers into `target` that some optimum of such a file takes, own labels aside; each once, in
/// the order of the budgets. Throws Error naming the path.
[[nodiscard]] std::vector<std::vector<std::string>> read_chosen_transfers(const std::filesystem::path& path,
                                                                          const std::string& target);

/// CSV of all transfers of all taxonomies: budget,sources,target,affinity,gain,quality, and labels where some
/// have them. read_affinity() can read it.
[[nodiscard]] std::string to_csv(const std::vector<taxonomy::Taxonomy>& sweep);

/// One optimum and what was asked about it.
struct Answer {
  taxonomy::Taxonomy taxonomy;
  std::optional<taxonomy::RestrictionCosts> restrictions;  ///< when sources were forced or forbidden
  std::optional<double> marginal;                          ///< when one more unit of budget was asked about
};

/// taxonomy_text(), then what restrictions cost and one more unit of budget adds.
[[nodiscard]] std::string answer_text(const Answer& answer, const recipe::Prices& prices);
/// The object of to_json(), with `restrictions` {free_objective, loss, single[{name, kind, loss}]} and
/// `marginal` where they were asked about.
[[nodiscard]] std::string answer_json(const Answer& answer);

/// sweep_text(), then what the next unit of budget adds, budgets off the Pareto front, and when sources enter
/// and leave.
[[nodiscard]] std::string sweep_answer_text(const std::vector<taxonomy::Taxonomy>& sweep,
                                            const recipe::Prices& prices);
/// The array of to_json(), each with `pareto` (no smaller budget is as good), `enters` and `leaves`
/// (sources, against the budget before).
[[nodiscard]] std::string sweep_answer_json(const std::vector<taxonomy::Taxonomy>& sweep);

/// One line per taxonomy: objective, what it loses against the first, sources.
[[nodiscard]] std::string best_text(const std::vector<taxonomy::Taxonomy>& best,
                                    const recipe::Prices& prices);

/// A target's transfer in the optimum, and what the others would lose or need.
[[nodiscard]] std::string reasons_text(const taxonomy::Reasons& reasons);
/// {target, budget, objective, chosen{sources, affinity}, alternatives[{sources, affinity, value, loss,
/// budget_needed}], needless, status}; null: no taxonomy within the budget, or at any budget.
[[nodiscard]] std::string reasons_json(const taxonomy::Reasons& reasons);

}  // namespace taskonomy::report
