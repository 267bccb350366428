#include "core/analysis/finished.hpp"

#include <cmath>

#include "core/analysis/resampling.hpp"

namespace taskonomy::analysis {

namespace {

/// Numbers of images that have one, added up within each block.
struct ScoreSums {
  std::vector<double> sums, counts;  ///< [B]

  /// The mean when block b counts weight[b] times; NaN where no image counts.
  [[nodiscard]] double mean(const std::vector<double>& weight) const {
    double sum = 0.0, count = 0.0;
    for (std::size_t b = 0; b < sums.size(); ++b) {
      sum += weight[b] * sums[b];
      count += weight[b] * counts[b];
    }
    return count > 0.0 ? sum / count : affinity::kUnknown;
  }
};

ScoreSums sum_scores(const Blocks& blocks, const std::vector<double>& values) {
  ScoreSums all{std::vector<double>(blocks.count, 0.0), std::vector<double>(blocks.count, 0.0)};
  for (std::size_t n = 0; n < values.size(); ++n) {
    if (std::isnan(values[n])) continue;
    all.sums[blocks.of_image[n]] += values[n];
    all.counts[blocks.of_image[n]] += 1.0;
  }
  return all;
}

/// The mean of values over images, with its interval.
Interval mean_of(const std::vector<double>& values, const Blocks& blocks, const std::string& name,
                 const BootstrapOptions& how) {
  const auto sums = sum_scores(blocks, values);
  Draws draws(how.seed, "finished/" + name);
  std::vector<double> replicates;
  for (std::size_t r = 0; r < how.replicates; ++r) {
    std::vector<double> weight(blocks.count, 0.0);
    for (std::size_t b = 0; b < blocks.count; ++b) weight[draws.below(blocks.count)] += 1.0;
    replicates.push_back(sums.mean(weight));
  }
  return percentile_interval(sums.mean(std::vector<double>(blocks.count, 1.0)), std::move(replicates),
                             how.level);
}

/// `score` of two numbers, image by image; NaN where either is.
std::vector<double> pairwise(const std::vector<double>& a, const std::vector<double>& b, const auto& score) {
  std::vector<double> values;
  for (std::size_t n = 0; n < a.size(); ++n)
    values.push_back(std::isnan(a[n]) || std::isnan(b[n]) ? affinity::kUnknown : score(a[n], b[n]));
  return values;
}

Beside beside(const FinishedScores& scores, const NetworkScores& other, const Blocks& blocks,
              const BootstrapOptions& how) {
  const double sign = scores.higher_is_better ? 1.0 : -1.0;
  const auto better = [&](double finished, double value) { return sign * (finished - value); };
  const auto wins = [](double finished, double loss) {
    return finished < loss ? 1.0 : finished == loss ? 0.5 : 0.0;
  };
  Beside result{other.mean, {}, {}};
  // One stream of draws for a target: all its comparisons see the same test sets.
  if (!scores.finished.metric.empty() && !other.metric.empty())
    result.better =
        mean_of(pairwise(scores.finished.metric, other.metric, better), blocks, scores.target, how);
  else if (!scores.metric.empty())
    result.better.estimate = better(scores.finished.mean, other.mean);
  result.wins = mean_of(pairwise(scores.finished.losses, other.losses, wins), blocks, scores.target, how);
  return result;
}

}  // namespace

FinishedTarget compare_finished(const FinishedScores& scores, const BootstrapOptions& how) {
  const auto blocks = blocks_of(scores.images, scores.block);
  FinishedTarget target{scores.target,
                        scores.sources,
                        scores.metric,
                        scores.unit,
                        scores.higher_is_better,
                        scores.finished.mean,
                        {},
                        {},
                        {}};
  target.compared = beside(scores, scores.compared, blocks, how);
  if (scores.scratch) target.scratch = beside(scores, *scores.scratch, blocks, how);
  if (scores.own) target.own = beside(scores, *scores.own, blocks, how);
  return target;
}

}  // namespace taskonomy::analysis
