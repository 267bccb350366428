// Choice and judgement apart. Who chooses the best of many transfers on some test images and judges it on the same
// ones is too pleased with it: it is the best there partly by luck. So the test scenes are halved; what is best is
// chosen on one half and judged on the other, then the halves change places, and both judgements are averaged
// (cross-fitting). share/doc/statistics.md says in plain words what was chosen where and judged where.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/affinity/loss_table.hpp"
#include "core/analysis/halves.hpp"
#include "core/analysis/interval.hpp"
#include "core/analysis/win_rates.hpp"
#include "core/taxonomy/taxonomy.hpp"

namespace taskonomy::analysis {

struct CrossFitOptions {
  std::size_t replicates =
      200;                 ///< resampled pairs of halves behind the intervals, >= 2; time grows with them
  double level = 0.95;     ///< of the intervals, in (0,1)
  std::uint64_t seed = 1;  ///< of the halves and of what is resampled

  /// Throws Error naming field, value and constraint.
  void validate() const;
};

/// What the optima of one budget, each chosen on one half, reach on the other.
struct JudgedBudget {
  double budget = 0.0;
  Interval gain;              ///< mean over targets (Means); NaN where the table has none
  Interval quality;           ///< the same
  Interval borrowed_gain;     ///< over the targets that borrow: those not served by their own network
  Interval borrowed_quality;  ///< the same
  Interval reached;           ///< objective, as a share of what the optimum of the largest budget has there
  std::vector<taxonomy::Taxonomy> chosen;  ///< by each half; empty in the paper's way

  static void visit(auto& self, auto&& field) {
    field("budget", self.budget);
    field("mean_gain", self.gain);
    field("mean_quality", self.quality);
    field("borrowed_gain", self.borrowed_gain);
    field("borrowed_quality", self.borrowed_quality);
    field("reached", self.reached);
    std::vector<std::vector<std::string>> sources;
    for (const auto& taxonomy : self.chosen) sources.push_back(taxonomy.sources);
    field("sources_of_halves", sources);
  }
};

/// How good the best is: what a run's figures "of the best" are.
struct Judgement {
  Judge judge = Judge::paper;
  std::string reason;      ///< why the paper's way although halves were asked for; "" otherwise
  std::size_t scenes = 0;  ///< in both halves; 0 in the paper's way
  bool of_images = false;  ///< each test image is a scene of its own (LossTable::scenes_apart)
  double level = 0.95;
  std::vector<JudgedBudget> budgets;  ///< of the sweep, ascending; in the paper's way without intervals
  std::vector<OrderBenefit> orders;
  /// Gain and Quality of every row, as the mean of both halves: what random taxonomies are judged by beside the optimum.
  affinity::AffinityTable table;

  /// At the largest of its budgets that is no larger; nothing below all of them.
  [[nodiscard]] const JudgedBudget* at(double budget) const;

  static void visit(auto& self, auto&& field) {
    field("judge", self.judge);
    field("reason", self.reason);
    field("scenes", self.scenes);
    field("of_images", self.of_images);
    field("level", self.level);
    field("budgets", self.budgets);
  }
};

/// Judges the optimum of every budget and the best transfer of every order by halves. `table` is that of all test
/// images, step III of `losses`; its sweep gives the budgets. On each half a choice is made as a run would make it: step
/// III anew, higher orders only of sources that are in the half's own shortlist (as many as the run's own has for
/// that order), step IV. Higher orders that a half's shortlist would have and the run has not trained are missed.
///
/// The estimate is of the mean of what the two chosen taxonomies are truly worth: its bias is 0, because no scene
/// judges what it helped to choose. The one that the run shows is chosen on all scenes, and on average it is a
/// little better. Each interval is the estimate +- t(scenes - 2) standard errors. The two judgements are not
/// independent, since each half chooses for the other, so the standard error comes from the bootstrap of the whole
/// procedure: scenes of each half are drawn anew with replacement, both choices are made again, and what is counted
/// is by how much the drawn half misses what the real half says of the same choice.
///
/// Where too_few_to_halve(), the paper's way with the reason. Throws Error as how.validate(), affinity_of(),
/// taxonomy::sweep() and LossTable::usable_images().
[[nodiscard]] Judgement judge_by_halves(const affinity::AffinityTable& table,
                                        const std::vector<affinity::LossTable>& losses,
                                        const taxonomy::Options& options, const CrossFitOptions& how);

/// The same figures on the images that chose: as the paper does. Needs no losses; has no intervals.
[[nodiscard]] Judgement judge_as_paper(const affinity::AffinityTable& table, const taxonomy::Options& options,
                                       std::string reason = "");

}  // namespace taskonomy::analysis
