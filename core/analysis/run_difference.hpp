// Two runs side by side, such as two seeds or a recipe before and after a change: what the optima of each budget reach
// on the targets that both runs have, and by how much they differ.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/affinity/loss_table.hpp"
#include "core/analysis/bootstrap.hpp"
#include "core/analysis/interval.hpp"
#include "core/analysis/win_rates.hpp"
#include "core/taxonomy/taxonomy.hpp"

namespace taskonomy::analysis {

/// One of the two.
struct ComparedRun {
  std::vector<taxonomy::Taxonomy> sweep;      ///< ascending budgets, at least one
  std::vector<affinity::LossTable> losses{};  ///< of its targets; empty: differences have no intervals
  /// What a metric says of each test image of a target's losses, NaN where it says nothing: of the targets' own networks.
  std::map<std::string, std::vector<double>> values{};
};

/// A metric of one target's own network, as its mean over test images.
struct ValueDifference {
  std::string target;
  double a = affinity::kUnknown, b = affinity::kUnknown;
  Interval difference;  ///< b - a
};

/// How one target is served in both, and what the second run has more of it.
struct TargetDifference {
  affinity::AffinityRow a, b;  ///< the transfers that the optima take
  Interval gain;               ///< b - a; NaN where one of them is unknown, ends NaN without losses
  Interval quality;            ///< the same
  [[nodiscard]] bool same_sources() const { return a.sources == b.sources; }
};

/// The optima of one budget.
struct BudgetDifference {
  double budget = 0.0;
  taxonomy::Taxonomy a, b;                ///< each the optimum of its own run, with all its targets
  Means mean_a, mean_b;                   ///< over the common targets for which both runs know the rate
  Interval gain, quality;                 ///< b - a, mean over the common targets
  std::vector<TargetDifference> targets;  ///< the common ones, in the order of a
};

struct RunDifference {
  std::vector<std::string> targets;         ///< that both have, in the order of a
  std::vector<std::string> only_a, only_b;  ///< targets of one alone
  double level = 0.95;
  bool has_intervals = false;
  /// Ascending; every budget at which one of the optima changes and both runs have one, at most kMostBudgets of them,
  /// evenly picked. Empty without a common target, or where no budget suffices for both.
  std::vector<BudgetDifference> budgets;
  std::vector<ValueDifference> values;  ///< of the common targets for which both runs have values
};
inline constexpr std::size_t kMostBudgets = 24;

/// `same_images`: test images of one name are the same image in both runs. Then what is drawn anew, scenes or images,
/// is drawn once for both, so that what they have in common cancels out of the differences; what one run alone tested
/// on is drawn for it alone. Intervals are those of the percentile bootstrap. They hold for the taxonomies as they were
/// chosen: each on the images that chose it, the paper's way. The same seed gives the same answer. Throws
/// Error as how.validate() and LossTable::usable_images().
[[nodiscard]] RunDifference run_difference(const ComparedRun& a, const ComparedRun& b, bool same_images,
                                           const BootstrapOptions& how);

}  // namespace taskonomy::analysis
