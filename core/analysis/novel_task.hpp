// Which sources serve a novel task, and at which price. A novel task is a target only (paper, section 3.1).
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/affinity/loss_table.hpp"
#include "core/analysis/best_tests.hpp"
#include "core/analysis/bootstrap.hpp"
#include "core/analysis/cross_fit.hpp"
#include "core/analysis/interval.hpp"
#include "core/taxonomy/taxonomy.hpp"

namespace taskonomy::analysis {

/// One transfer into the task.
struct NovelTransfer {
  std::vector<std::string> sources;
  double cost = 0.0;  ///< labels of its sources
  Interval affinity;
  Interval gain;      ///< NaN where the network from scratch was not measured
  Interval quality;   ///< NaN where the task's own network was not trained
  double best = 0.0;  ///< share of the resampled test sets in which it has the highest affinity
  double q =
      1.0;  ///< false discovery rate at which the best counts as better than this one (test_best()); 1: not at all

  static void visit(auto& self, auto&& field) {
    field("sources", self.sources);
    field("cost", self.cost);
    field("affinity", self.affinity);
    field("gain", self.gain);
    field("quality", self.quality);
    field("best", self.best);
    field("q", self.q);
  }
};

/// The best transfer within a budget, or with sources that are paid for.
struct NovelChoice {
  double budget = 0.0;
  std::vector<std::string> paid;        ///< sources whose labels are there already
  std::optional<std::size_t> transfer;  ///< into NovelTask::transfers; nothing when none is within reach
  Interval gain;                        ///< of what is chosen so, as NovelTask::judge says
};

struct NovelTask {
  std::string target;
  BootstrapOptions options;
  Judge judge = Judge::paper;            ///< of gain, the choices' gain and q
  std::string reason;                    ///< why the paper's way although halves were asked for
  Interval gain;                         ///< of the best transfer
  std::size_t images = 0;                ///< test images with a label
  std::vector<NovelTransfer> transfers;  ///< highest affinity first; ties: fewer sources, then name order
  std::vector<NovelChoice> alone;        ///< nothing is paid; the budgets at which the choice changes
  std::vector<NovelChoice> with_run;     ///< at each budget of the run its sources are paid; nothing is added

  /// The best transfer with so many sources; nothing when none has.
  [[nodiscard]] std::optional<std::size_t> best_of_order(std::size_t order) const;
};

/// Judges the transfers of a loss table. The task's own network, where it is among the competitors, takes
/// part in the tournament, but it cannot be chosen: a novel task has no labels to spend on it. `cost`: label
/// cost per source, default 1; ignores names that the table does not have. `run`: the taxonomies of the run,
/// by budget. Throws Error naming the target when it has no transfer or no usable image, and as
/// how.validate().
[[nodiscard]] NovelTask novel_task(const affinity::LossTable& losses,
                                   const std::map<std::string, double>& cost,
                                   const std::vector<taxonomy::Taxonomy>& run, const BootstrapOptions& how,
                                   Judge judge = Judge::halves);

}  // namespace taskonomy::analysis
