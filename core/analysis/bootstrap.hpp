// How far affinities, Gain, Quality and the optimum would move with other test images: the bootstrap over
// test images.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/affinity/loss_table.hpp"
#include "core/analysis/interval.hpp"
#include "core/analysis/resampling.hpp"
#include "core/taxonomy/problem.hpp"

namespace taskonomy::analysis {

struct BootstrapOptions {
  /// Resampled test sets; >= 2. Efron and Tibshirani ask for 1000 for intervals; the time grows with them.
  std::size_t replicates = 1000;
  double level = 0.95;  ///< of the intervals, in (0,1)
  std::uint64_t seed = 1;
  Block block = Block::image;  ///< what is drawn together

  /// Throws Error naming field, value and constraint.
  void validate() const;
};

/// One transfer (or self) with the intervals of its figures.
struct TransferIntervals {
  std::vector<std::string> sources;
  std::string target;
  Interval affinity;
  Interval gain;     ///< NaN where the network from scratch was not measured
  Interval quality;  ///< NaN where self was not measured

  static void visit(auto& self, auto&& field) {
    field("target", self.target);
    field("sources", self.sources);
    field("affinity", self.affinity);
    field("gain", self.gain);
    field("quality", self.quality);
  }
};

/// A source, and in which share of the resampled test sets the optimum trains it.
struct SourceInclusion {
  std::string source;
  double probability = 0.0;
  bool chosen = false;  ///< whether the optimum of the real test set does

  static void visit(auto& self, auto&& field) {
    field("source", self.source);
    field("probability", self.probability);
    field("chosen", self.chosen);
  }
};

/// A transfer, and in which share of the resampled test sets the optimum takes it.
struct TransferInclusion {
  std::vector<std::string> sources;
  std::string target;
  double probability = 0.0;
  bool chosen = false;

  static void visit(auto& self, auto&& field) {
    field("target", self.target);
    field("sources", self.sources);
    field("probability", self.probability);
    field("chosen", self.chosen);
  }
};

/// How stable the optimum at one budget is. Lists only inclusions above 0, the most probable first
/// (transfers: target by target).
struct BudgetStability {
  double budget = 0.0;
  /// Of the taxonomy that all test images chose, on resampled ones. The luck by which it was chosen stays in all three;
  /// without it: judge_by_halves().
  Interval objective;
  Interval gain;     ///< mean over targets
  Interval quality;  ///< mean over targets
  std::vector<SourceInclusion> sources;
  std::vector<TransferInclusion> transfers;

  static void visit(auto& self, auto&& field) {
    field("budget", self.budget);
    field("objective", self.objective);
    field("mean_gain", self.gain);
    field("mean_quality", self.quality);
    field("sources", self.sources);
    field("transfers", self.transfers);
  }
};

struct Bootstrap {
  BootstrapOptions options;
  std::size_t images = 0;                    ///< test images, over all targets
  std::size_t blocks = 0;                    ///< that were drawn from
  std::vector<TransferIntervals> transfers;  ///< in the order of affinity_of(), target by target
  std::vector<BudgetStability> budgets;      ///< those of taxonomy::sweep() on the real test set, ascending

  static void visit(auto& self, auto&& field) {
    field("replicates", self.options.replicates);
    field("level", self.options.level);
    field("seed", self.options.seed);
    field("block", self.options.block);
    field("images", self.images);
    field("blocks", self.blocks);
    field("transfers", self.transfers);
    field("budgets", self.budgets);
  }
};

/// Draws as many blocks of test images as there are, with replacement, and repeats steps III and IV on them;
/// intervals are those of the percentile bootstrap. The draws are paired: one draw weighs all competitors of
/// a target, and all targets that share their test images, so that differences keep what the images have in
/// common. A scene is drawn once for all targets, whatever kinds of views they have of it. A draw that leaves
/// a target no usable image is repeated. The same seed gives the same answer. O(replicates * K^2 * N) per
/// target, and a sweep per replicate. Throws Error as options.validate(), affinity_of() and
/// taxonomy::sweep().
[[nodiscard]] Bootstrap bootstrap(const std::vector<affinity::LossTable>& tables,
                                  const taxonomy::Options& options, const BootstrapOptions& how);

}  // namespace taskonomy::analysis
