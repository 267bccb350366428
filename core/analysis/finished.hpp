// What it brought to train a chosen transfer on: the finished network beside the one of the comparison, the one from
// scratch and the target's own.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/analysis/bootstrap.hpp"
#include "core/analysis/interval.hpp"
#include "core/base/record.hpp"

namespace taskonomy::analysis {

/// What one network is worth on N test images.
struct NetworkScores {
  std::vector<double> losses;  ///< [N], lower is better; NaN: no label
  std::vector<double>
      metric;  ///< [N], the task's first metric; NaN: no value. Empty where it is of all images together
  double mean = affinity::kUnknown;  ///< of the metric, over images; or its value of all together
};

/// The networks of one target.
struct FinishedScores {
  std::string target;
  std::vector<std::string> sources;
  std::string metric{}, unit{};  ///< "mean_angle", "degrees"; "" where the task has none
  bool higher_is_better = false;
  std::vector<std::string> images{};  ///< N sample ids
  Block block = Block::scene;         ///< what is drawn together
  NetworkScores finished{}, compared{};
  std::optional<NetworkScores> scratch{}, own{};  ///< where they were trained
};

/// One network beside the finished one.
struct Beside {
  double value = affinity::kUnknown;  ///< its metric
  /// How much better the finished network is in the metric's unit: above 0 is better, whichever its direction. Without an
  /// interval where the metric is of all images together.
  Interval better;
  Interval wins;  ///< share of test images on which the finished network's loss is lower; a tie counts half
};

/// What a finished transfer is worth.
struct FinishedTarget {
  std::string target;
  std::vector<std::string> sources;
  std::string metric, unit;
  bool higher_is_better = false;
  double value = affinity::kUnknown;  ///< of the metric
  Beside compared, scratch, own;      ///< NaN where such a network was not trained

  static void visit(auto& self, auto&& field) {
    field("target", self.target);
    field("sources", self.sources);
    field("metric", self.metric);
    field("unit", self.unit);
    field("direction", base::TwoWords{self.higher_is_better, "higher", "lower"});
    field("finished", self.value);
    field("compared", self.compared.value);
    field("better_than_compared", self.compared.better);
    field("wins_over_compared", self.compared.wins);
    field("scratch", self.scratch.value);
    field("better_than_scratch", self.scratch.better);
    field("wins_over_scratch", self.scratch.wins);
    field("own", self.own.value);
    field("better_than_own", self.own.better);
    field("wins_over_own", self.own.wins);
  }
};

/// Compares on the images that both networks have a number for. Intervals are those of the percentile bootstrap over
/// blocks of test images, paired: one draw weighs both networks. Nobody was chosen on these images but the transfer itself
/// (`analyse` says how much luck is in that). how.block is not read.
[[nodiscard]] FinishedTarget compare_finished(const FinishedScores& scores, const BootstrapOptions& how);

}  // namespace taskonomy::analysis
