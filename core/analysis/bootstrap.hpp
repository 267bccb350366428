// How far would everything move with other test images? The bootstrap over test images, from losses to
// optimum.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/affinity/loss_table.hpp"
#include "core/analysis/blocks.hpp"
#include "core/analysis/interval.hpp"
#include "core/taxonomy/problem.hpp"

namespace taskonomy::analysis {

struct BootstrapOptions {
  std::size_t replicates = 1000;  ///< resampled test sets; >= 2
  double level = 0.95;            ///< of the intervals, in (0,1)
  std::uint64_t seed = 1;
  Block block = Block::image;  ///< what is drawn as one

  /// Throws Error naming field, value and constraint.
  void validate() const;
};

/// One transfer (or self) and how sure its figures are.
struct TransferIntervals {
  std::vector<std::string> sources;
  std::string target;
  Interval affinity;
  Interval gain;     ///< NaN where the network from scratch was not measured
  Interval quality;  ///< NaN where self was not measured
};

/// In which share of the resampled test sets the optimum trains this source.
struct SourceInclusion {
  std::string source;
  double probability = 0.0;
  bool chosen = false;  ///< whether the optimum of the real test set does
};

/// In which share it takes this transfer.
struct TransferInclusion {
  std::vector<std::string> sources;
  std::string target;
  double probability = 0.0;
  bool chosen = false;
};

/// The optimum at one budget. Inclusions above 0 only, the most probable first (transfers: target by target).
struct BudgetStability {
  double budget = 0.0;
  Interval objective;
  Interval gain;     ///< mean over targets
  Interval quality;  ///< mean over targets
  std::vector<SourceInclusion> sources;
  std::vector<TransferInclusion> transfers;
};

struct Bootstrap {
  BootstrapOptions options;
  std::size_t images = 0;                    ///< test images, over all targets
  std::size_t blocks = 0;                    ///< that were drawn from
  std::vector<TransferIntervals> transfers;  ///< in the order of affinity_of(), target by target
  std::vector<BudgetStability> budgets;      ///< those of taxonomy::sweep() on the real test set, ascending
};

/// Draws as many blocks of test images as there are, with replacement, and repeats steps III and IV on them.
/// Paired: one draw weighs all competitors of a target, and all targets that share their test images, so that
/// differences keep what the images have in common. Percentile intervals. A draw that leaves a target no
/// usable image is drawn again. Same seed, same answer. O(replicates * K^2 * N) per target, and a sweep per
/// replicate. Throws Error as options.validate(), affinity_of() and taxonomy::sweep().
[[nodiscard]] Bootstrap bootstrap(const std::vector<affinity::LossTable>& tables,
                                  const taxonomy::Options& options, const BootstrapOptions& how);

}  // namespace taskonomy::analysis
