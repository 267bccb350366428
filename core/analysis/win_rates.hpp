// Win rates that people read: mean Gain and Quality of a taxonomy, what higher orders bring, and the paper's
// Table 1.
#pragma once

#include <string>
#include <vector>

#include "core/affinity/affinity_table.hpp"
#include "core/affinity/loss_table.hpp"
#include "core/taxonomy/taxonomy.hpp"

namespace taskonomy::analysis {

/// Mean win rates over targets, each in [0,1]; NaN when no transfer has one.
struct Means {
  double gain = affinity::kUnknown;     ///< against training from scratch on the transfer split
  double quality = affinity::kUnknown;  ///< against full supervision
};

/// How good a taxonomy is on average: plain means over the chosen transfers whose win rate is known.
/// Importance does not weigh them, as in the paper.
[[nodiscard]] Means means_of(const taxonomy::Taxonomy& taxonomy);

/// What transfers of one order reach: the transfer with the largest affinity of each target, averaged over
/// targets. Self does not count.
struct OrderBenefit {
  std::size_t order = 0;                      ///< number of sources
  std::size_t targets = 0;                    ///< that have a transfer of this very order
  double gain = affinity::kUnknown;           ///< mean over those; NaN when none is known
  double quality = affinity::kUnknown;        ///< the same
  double gain_up_to = affinity::kUnknown;     ///< of the best at any order up to this one, over all targets
  double quality_up_to = affinity::kUnknown;  ///< the same

  static void visit(auto& self, auto&& field) {
    field("order", self.order);
    field("targets", self.targets);
    field("gain", self.gain);
    field("quality", self.quality);
    field("gain_up_to", self.gain_up_to);
    field("quality_up_to", self.quality_up_to);
  }
};

/// One entry per order that the table has, ascending. The paper finds that the benefit saturates at orders 3
/// to 5.
[[nodiscard]] std::vector<OrderBenefit> benefit_of_orders(const affinity::AffinityTable& table);
/// The same where the best are chosen by the affinities of one table, and Gain and Quality are those of another that has
/// the same rows in the same order.
[[nodiscard]] std::vector<OrderBenefit> benefit_of_orders(const affinity::AffinityTable& choosing,
                                                          const affinity::AffinityTable& judging);

/// One row of the paper's Table 1: whether a source network learned anything. Without that its affinities
/// mean little. Shares in [0,1], a tie counts half; NaN when the reference was not measured.
struct SourceCheck {
  std::string task;
  double beats_average =
      0.0;  ///< share of test images on which self beats one best value per channel (`avg`)
  double beats_constant = 0.0;  ///< share on which it beats the best constant image: the stricter guess
  double beats_random = 0.0;    ///< share on which it beats a readout of a random encoder (`rand`)
  std::size_t images = 0;       ///< test images without a NaN in one of the four

  static void visit(auto& self, auto&& field) {
    field("task", self.task);
    field("beats_average", self.beats_average);
    field("beats_constant", self.beats_constant);
    field("beats_random", self.beats_random);
    field("images", self.images);
  }
};

/// Compares the row of the target itself with kAverage, kConstant and kRandom. Throws Error when self is
/// missing or no image is left.
[[nodiscard]] SourceCheck check_source(const affinity::LossTable& losses);

}  // namespace taskonomy::analysis
