// Every optimum that the page's sliders can ask for, solved beforehand: the page itself solves only for costs and
// importances that a reader gives.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "core/affinity/affinity_table.hpp"
#include "core/analysis/label_plan.hpp"
#include "core/report/page.hpp"
#include "core/taxonomy/taxonomy.hpp"

namespace taskonomy::report {

/// How often a target counts that a preset favours.
inline constexpr double kFavour = 5.0;

/// The optima of all budgets at one maximum order.
struct Front {
  std::size_t max_order = 0;
  std::vector<taxonomy::Taxonomy> taxonomies;  ///< by ascending budget
};

/// One choice of importances.
struct Preset {
  std::string favoured;       ///< the target that counts kFavour times; empty = importances as asked
  std::vector<Front> fronts;  ///< by ascending order
};

/// The optima of a table.
struct Optima {
  std::vector<Preset> presets;        ///< importances as asked first; empty when nothing is feasible
  std::vector<std::string> left_out;  ///< what is not solved and why, one sentence each
};

/// Solves every budget at every order that the table has, with importances as asked; and, for tables of up to
/// kPresetTransfers transfers, with each target favoured in turn, at orders 1 to 4 and the largest. Larger tables are
/// solved at orders 1 to 4 and the largest within kPageSeconds, unless `time` says otherwise; a taxonomy that is not
/// proven by then says so. Where that is too little for a sweep, five budgets are solved. An order at which some
/// target cannot be served, or for which no time sufficed, is named in left_out. Throws Error for names that
/// the table does not have and for numbers below 0.
[[nodiscard]] Optima solve_all(const affinity::AffinityTable& table,
                               const std::map<std::string, double>& cost,
                               const std::map<std::string, double>& importance, const PageTime& time = {});

/// The same for importances as asked alone.
[[nodiscard]] Optima solve_asked(const affinity::AffinityTable& table,
                                 const std::map<std::string, double>& cost,
                                 const std::map<std::string, double>& importance, const PageTime& time = {});

/// Which labels to buy in which order: read off the optima with all orders and importances as asked, judged as the
/// content says. There must be a preset.
[[nodiscard]] analysis::LabelPlan plan_of(const PageContent& content, const Optima& optima);

/// What the page shows first, among the fronts with importances as asked.
struct Start {
  std::size_t front = 0;
  std::size_t taxonomy = 0;
};
/// All orders, at the budget behind which labels stop paying: what advice_headline() advises. There must be a preset.
[[nodiscard]] Start start_of(const PageContent& content, const Optima& optima);

inline constexpr std::size_t kPresetTransfers = 3000;
inline constexpr double kPageSeconds = 40.0;

}  // namespace taskonomy::report
