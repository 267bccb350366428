// All statistics of one table or run together: what `taskonomy analyse` prints.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/analysis/best_tests.hpp"
#include "core/analysis/bootstrap.hpp"
#include "core/analysis/consistency.hpp"
#include "core/analysis/cross_fit.hpp"
#include "core/analysis/pair_tests.hpp"
#include "core/analysis/random_taxonomies.hpp"
#include "core/analysis/win_rates.hpp"

namespace taskonomy::analysis {

struct StatisticsOptions {
  Judge judge = Judge::halves;
  BootstrapOptions bootstrap;            ///< its seed and block hold for the other statistics as well
  std::size_t random_taxonomies = 1000;  ///< per budget; >= 2
  double false_discoveries = 0.05;       ///< rate below which two transfers count as different, in (0,1)

  /// Throws Error naming field, value and constraint.
  void validate() const;
};

struct Statistics {
  StatisticsOptions options;
  Judgement judgement;                     ///< of the optima and of the best transfer of each order
  std::vector<Significance> significance;  ///< per budget of the sweep, judged alike
  std::vector<std::string> notes;          ///< what is missing and why, one line each
  // These need the losses of a run; empty for a table.
  std::optional<Bootstrap> bootstrap;
  std::vector<Consistency> consistency;  ///< per target
  std::vector<BestTests> best;           ///< per target: its best transfer against each other one
  std::vector<PairTest> pairs;           ///< all pairs of all targets

  static void visit(auto& self, auto&& field) {
    field("judgement", self.judgement);
    field("significance", self.significance);
    field("orders", self.judgement.orders);
    field("notes", self.notes);
    if (!self.bootstrap) return;
    field("bootstrap", *self.bootstrap);
    field("consistency", self.consistency);
    field("best", self.best);
    field("pairs", self.pairs);
  }
};

/// `losses`: one table per target, none for a bare affinity table. Throws Error as taxonomy::sweep(),
/// bootstrap() and pair_tests(). A budget at which too few random taxonomies are feasible becomes a note.
[[nodiscard]] Statistics statistics_of(const affinity::AffinityTable& table,
                                       const std::vector<affinity::LossTable>& losses,
                                       const taxonomy::Options& options, const StatisticsOptions& how);

}  // namespace taskonomy::analysis
