// Which labels need more images: each task's network trained on a quarter, a half and all of its training
// images, judged on the same test images, and what a few more labelled images would bring.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/affinity/affinity_table.hpp"
#include "core/analysis/bootstrap.hpp"
#include "core/base/record.hpp"

namespace taskonomy::analysis {

/// One network of a curve.
struct CurvePoint {
  std::size_t images = 0;              ///< labelled ones that it was trained on
  std::vector<double> losses;          ///< [N]; NaN: the test image has no label
  double metric = affinity::kUnknown;  ///< over all test images; NaN: the task has none
  std::vector<double>
      metric_of_image{};  ///< [N], NaN: no value; empty where the metric is of all images together
};

/// What a curve is drawn from: the networks of one task.
struct CurveLosses {
  std::string target;
  std::vector<std::string> images;  ///< N ids of test images
  std::vector<double> constant;     ///< [N], losses of the best constant guess
  CurvePoint quarter, half, full;
  std::string metric{}, unit{};  ///< the task's first customary metric; "" without one
  bool higher_is_better = false;
};

/// A task's learning curve, and where it leads.
struct LearningCurve {
  std::string target;
  std::size_t quarter_images = 0, half_images = 0, images = 0;  ///< labelled ones
  /// Share of test images on which the network beats the best constant guess, a tie counts half, in [0,1].
  double quarter = affinity::kUnknown, half = affinity::kUnknown, full = affinity::kUnknown;
  std::size_t more = 0;  ///< labelled images beyond `images`: at most as many again, one digit and zeros
  /// What these would add to `full`, and its interval.
  double gain = affinity::kUnknown, low = affinity::kUnknown, high = affinity::kUnknown;
  std::string metric{}, unit{};
  bool higher_is_better = false;
  double metric_quarter = affinity::kUnknown, metric_half = affinity::kUnknown,
         metric_full = affinity::kUnknown;
  /// What they would add to `metric_full`. The interval is of the test images alone.
  double metric_gain = affinity::kUnknown, metric_low = affinity::kUnknown, metric_high = affinity::kUnknown;

  /// Whether more labelled images help, and more so than luck would let it.
  [[nodiscard]] bool holds() const { return low > 1e-9; }  // rounding is no help

  static void visit(auto& self, auto&& field) {
    field("target", self.target);
    field("quarter_images", self.quarter_images);
    field("half_images", self.half_images);
    field("images", self.images);
    field("quarter", self.quarter);
    field("half", self.half);
    field("full", self.full);
    field("more", self.more);
    field("gain", self.gain);
    field("low", self.low);
    field("high", self.high);
    field("metric", self.metric);
    field("unit", self.unit);
    field("better", base::TwoWords{self.higher_is_better, "higher", "lower"});
    field("metric_quarter", self.metric_quarter);
    field("metric_half", self.metric_half);
    field("metric_full", self.metric_full);
    field("metric_gain", self.metric_gain);
    field("metric_low", self.metric_low);
    field("metric_high", self.metric_high);
  }
};

/// Draws the curves and extends them. A curve is a straight line in the logarithm of the number n of images,
///
///   y(n) = a + b log2 n,    b by least squares through the three points,
///   gain = b log2((n + more) / n),
///
/// which is what three points can carry: a power law with a limit (Hestness et al. 2017) has three parameters
/// and would fit anything. Learning curves flatten, so that the line rather promises too much; therefore it
/// is never extended by more than one doubling, and never beyond a share of 1.
///
/// The interval of `gain` has two parts, added as squares. One is the percentile bootstrap over test images,
/// or over scenes (block_for()); all three networks are judged on the same draw. The other is the chance of
/// training: the same network trained on other images would lie elsewhere. How far shows in the distances of
/// the points from their lines, taken over all curves together, less what the test images explain of them;
/// Student's t with one degree of freedom a curve makes it an interval. One curve alone therefore has a wide
/// one.
///
/// `how.block` is not looked at. Curves whose three numbers of images do not ascend are left out. Throws
/// Error naming the target where losses are not as many as test images, or no image has all of them; and as
/// how.validate().
[[nodiscard]] std::vector<LearningCurve> learning_curves(const std::vector<CurveLosses>& tasks,
                                                         const BootstrapOptions& how = {});

/// The number of further images that a curve is extended by: n rounded down to one digit and zeros, 400 of
/// 437. 0 of 0.
[[nodiscard]] std::size_t further_images(std::size_t images);

}  // namespace taskonomy::analysis
