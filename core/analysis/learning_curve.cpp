#include "core/analysis/learning_curve.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "core/analysis/interval.hpp"
#include "core/analysis/resampling.hpp"
#include "core/base/error.hpp"

namespace taskonomy::analysis {

namespace {

/// One number for each of the three networks: of a quarter, a half, all of the images.
using Triple = std::array<double, 3>;

double dot(const Triple& a, const Triple& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }

/// What is read off three points of a line, as weights of their heights.
struct LineWeights {
  Triple gain;         ///< what the further images add
  Triple residual;     ///< the distance from the line: of unit length, at right angles to all lines
  double noise = 0.0;  ///< standard deviation of the gain for one of 1 in each height
};

LineWeights weights_of(const CurveLosses& task, std::size_t more) {
  const auto n = static_cast<double>(task.full.images);
  const Triple x{std::log2(static_cast<double>(task.quarter.images)),
                 std::log2(static_cast<double>(task.half.images)), std::log2(n)};
  const double mean = (x[0] + x[1] + x[2]) / 3.0;
  const double squares = dot(x, x) - 3.0 * mean * mean;
  const double ahead = std::log2((n + static_cast<double>(more)) / n);
  LineWeights weights;
  for (std::size_t k = 0; k < 3; ++k) weights.gain[k] = (x[k] - mean) / squares * ahead;
  weights.noise = ahead / std::sqrt(squares);
  const Triple across{x[1] - x[2], x[2] - x[0], x[0] - x[1]};
  const double length = std::sqrt(dot(across, across));
  for (std::size_t k = 0; k < 3; ++k) weights.residual[k] = across[k] / length;
  return weights;
}

/// Scores of the three networks on test images that have all of them, added up within each block.
struct BlockSums {
  std::vector<Triple> scores;  ///< [B]
  std::vector<double> images;  ///< [B]

  /// Mean scores when block b counts count[b] times; NaN where no image counts.
  [[nodiscard]] Triple mean(const std::vector<double>& count) const {
    Triple sum{};
    double all = 0.0;
    for (std::size_t b = 0; b < images.size(); ++b) {
      for (std::size_t k = 0; k < 3; ++k) sum[k] += count[b] * scores[b][k];
      all += count[b] * images[b];
    }
    for (double& one : sum) one /= all;
    return sum;
  }
};

/// Adds up `score(n)`, a Triple for test image n that is left out when it has a NaN.
BlockSums sum_blocks(const CurveLosses& task, const Blocks& blocks, const auto& score) {
  BlockSums sums{std::vector<Triple>(blocks.count, Triple{}), std::vector<double>(blocks.count, 0.0)};
  for (std::size_t n = 0; n < task.images.size(); ++n) {
    const Triple one = score(n);
    if (std::isnan(one[0] + one[1] + one[2])) continue;
    const std::size_t b = blocks.of_image[n];
    for (std::size_t k = 0; k < 3; ++k) sums.scores[b][k] += one[k];
    sums.images[b] += 1.0;
  }
  return sums;
}

/// 1 where a network beats the constant guess, 0.5 for a tie, 0 where it loses; NaN where either has no loss.
double outcome(double loss, double constant) {
  if (std::isnan(loss) || std::isnan(constant)) return affinity::kUnknown;
  return loss < constant ? 1.0 : loss == constant ? 0.5 : 0.0;
}

/// Heights of the three points on resampled test images.
std::vector<Triple> resample(const BlockSums& sums, const BootstrapOptions& how) {
  std::vector<Triple> replicates;
  for (std::size_t r = 0; r < how.replicates; ++r) {
    Draws draws(how.seed, "learning curve/" + std::to_string(r));
    std::vector<double> count(sums.images.size(), 0.0);
    for (std::size_t b = 0; b < count.size(); ++b) count[draws.below(count.size())] += 1.0;
    replicates.push_back(sums.mean(count));
  }
  return replicates;
}

std::vector<double> read_off(const Triple& weights, const std::vector<Triple>& replicates) {
  std::vector<double> values;
  for (const Triple& heights : replicates)
    if (const double value = dot(weights, heights); !std::isnan(value)) values.push_back(value);
  return values;
}

double variance(const std::vector<double>& values) {
  if (values.size() < 2) return 0.0;
  const auto count = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
  double squares = 0.0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return squares / (count - 1.0);
}

/// A curve before the chance of training is known, which takes all curves.
struct Draft {
  LearningCurve curve;
  LineWeights weights;
  double residual_squared = 0.0, explained = 0.0;  ///< of the distance from the line, and by test images
};

void require_sizes(const CurveLosses& task) {
  const std::size_t images = task.images.size();
  for (const auto* losses : {&task.constant, &task.quarter.losses, &task.half.losses, &task.full.losses})
    if (losses->size() != images)
      throw base::Error("learning curve of \"" + task.target + "\": " + std::to_string(losses->size()) +
                        " losses for " + std::to_string(images) + " test images");
}

void draw_metric(const CurveLosses& task, const Blocks& blocks, const BootstrapOptions& how, Draft& draft) {
  LearningCurve& curve = draft.curve;
  curve.metric = task.metric;
  curve.unit = task.unit;
  curve.higher_is_better = task.higher_is_better;
  const Triple heights{task.quarter.metric, task.half.metric, task.full.metric};
  curve.metric_quarter = heights[0], curve.metric_half = heights[1], curve.metric_full = heights[2];
  curve.metric_gain = dot(draft.weights.gain, heights);
  const auto of = [&](const CurvePoint& point) { return point.metric_of_image.size() == task.images.size(); };
  if (!of(task.quarter) || !of(task.half) || !of(task.full)) return;
  const auto sums = sum_blocks(task, blocks, [&](std::size_t n) {
    return Triple{task.quarter.metric_of_image[n], task.half.metric_of_image[n],
                  task.full.metric_of_image[n]};
  });
  const auto interval =
      percentile_interval(curve.metric_gain, read_off(draft.weights.gain, resample(sums, how)), how.level);
  curve.metric_low = interval.low;
  curve.metric_high = interval.high;
}

Draft draw(const CurveLosses& task, const BootstrapOptions& how) {
  require_sizes(task);
  const Blocks blocks = blocks_of(task.images, block_for(task.images));
  const auto sums = sum_blocks(task, blocks, [&](std::size_t n) {
    const double constant = task.constant[n];
    return Triple{outcome(task.quarter.losses[n], constant), outcome(task.half.losses[n], constant),
                  outcome(task.full.losses[n], constant)};
  });
  const Triple heights = sums.mean(std::vector<double>(blocks.count, 1.0));
  if (std::isnan(heights[0]))
    throw base::Error("learning curve of \"" + task.target + "\": no test image has a label");
  Draft draft;
  LearningCurve& curve = draft.curve;
  curve.target = task.target;
  curve.quarter_images = task.quarter.images;
  curve.half_images = task.half.images;
  curve.images = task.full.images;
  curve.quarter = heights[0], curve.half = heights[1], curve.full = heights[2];
  curve.more = further_images(curve.images);
  draft.weights = weights_of(task, curve.more);
  const auto replicates = resample(sums, how);
  const auto interval = percentile_interval(dot(draft.weights.gain, heights),
                                            read_off(draft.weights.gain, replicates), how.level);
  curve.gain = interval.estimate, curve.low = interval.low, curve.high = interval.high;
  const double residual = dot(draft.weights.residual, heights);
  draft.residual_squared = residual * residual;
  draft.explained = variance(read_off(draft.weights.residual, replicates));
  draw_metric(task, blocks, how, draft);
  return draft;
}

/// Standard deviation of one network's share that the chance of training gives it.
double training_noise(const std::vector<Draft>& drafts) {
  double sum = 0.0;
  for (const Draft& draft : drafts) sum += draft.residual_squared - draft.explained;
  return std::sqrt(std::max(0.0, sum / static_cast<double>(drafts.size())));
}

/// Adds the chance of training to the interval, and keeps all within what a share can become.
void widen(LearningCurve& curve, double by) {
  const double low = std::hypot(curve.gain - curve.low, by), high = std::hypot(curve.high - curve.gain, by);
  const auto within = [&](double gain) { return std::clamp(gain, -curve.full, 1.0 - curve.full); };
  curve.low = within(curve.gain - low);
  curve.high = within(curve.gain + high);
  curve.gain = within(curve.gain);
}

}  // namespace

std::vector<LearningCurve> learning_curves(const std::vector<CurveLosses>& tasks,
                                           const BootstrapOptions& how) {
  how.validate();
  std::vector<Draft> drafts;
  for (const CurveLosses& task : tasks)
    if (task.quarter.images > 0 && task.quarter.images < task.half.images &&
        task.half.images < task.full.images)
      drafts.push_back(draw(task, how));
  std::vector<LearningCurve> curves;
  if (drafts.empty()) return curves;
  const double times =
      training_noise(drafts) * student_quantile(0.5 * (1.0 + how.level), static_cast<double>(drafts.size()));
  for (Draft& draft : drafts) {
    widen(draft.curve, times * draft.weights.noise);
    curves.push_back(std::move(draft.curve));
  }
  return curves;
}

std::size_t further_images(std::size_t images) {
  std::size_t unit = 1;
  while (images / unit >= 10) unit *= 10;
  return images / unit * unit;
}

}  // namespace taskonomy::analysis
