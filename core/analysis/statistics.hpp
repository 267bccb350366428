// Everything this folder knows about one table or run, in one go: what `taskonomy analyse` prints.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/analysis/bootstrap.hpp"
#include "core/analysis/consistency.hpp"
#include "core/analysis/orders.hpp"
#include "core/analysis/pair_tests.hpp"
#include "core/analysis/random_taxonomies.hpp"

namespace taskonomy::analysis {

struct StatisticsOptions {
  BootstrapOptions bootstrap;            ///< its seed and block hold for the other statistics as well
  std::size_t random_taxonomies = 1000;  ///< per budget; >= 2
  double false_discoveries = 0.05;       ///< rate below which two transfers count as different, in (0,1)

  /// Throws Error naming field, value and constraint.
  void validate() const;
};

struct Statistics {
  StatisticsOptions options;
  std::vector<Significance> significance;  ///< per budget of the sweep
  std::vector<std::string> notes;          ///< what could not be had and why, one line each
  std::vector<OrderBenefit> orders;
  // From the losses of a run; empty for a table.
  std::optional<Bootstrap> bootstrap;
  std::vector<Consistency> consistency;  ///< per target
  std::vector<PairTest> pairs;           ///< all targets
};

/// `losses`: one table per target, none for a bare affinity table. Throws Error as taxonomy::sweep(),
/// bootstrap() and pair_tests(); a budget at which random taxonomies are hardly ever feasible becomes a note.
[[nodiscard]] Statistics statistics_of(const affinity::AffinityTable& table,
                                       const std::vector<affinity::LossTable>& losses,
                                       const taxonomy::Options& options, const StatisticsOptions& how);

}  // namespace taskonomy::analysis
