#include "core/report/learning_curve_text.hpp"

#include <algorithm>
#include <cmath>

#include "core/base/text.hpp"
#include "core/report/text_table.hpp"

namespace taskonomy::report {

namespace {

using analysis::LearningCurve;

/// Percentage points of test images, whole ones: nothing finer can be told.
std::string points(double share) { return base::number(std::round(100.0 * share) + 0.0); }

/// "5 points (2 to 8)"
std::string gain_text(const LearningCurve& curve) {
  return points(curve.gain) + (points(curve.gain) == "1" ? " point" : " points") + " (" + points(curve.low) +
         " to " + points(curve.high) + ")";
}

/// "400 more (437 now) would bring about 5 points (2 to 8)"
std::string promise(const LearningCurve& curve) {
  return std::to_string(curve.more) + " more (" + std::to_string(curve.images) + " now) would bring about " +
         gain_text(curve);
}

std::vector<LearningCurve> most_gain_first(std::vector<LearningCurve> curves) {
  std::stable_sort(curves.begin(), curves.end(),
                   [](const auto& a, const auto& b) { return a.gain > b.gain; });
  return curves;
}

/// What the further images do to the metric: "-2.1 (-3.0 to -1.2)".
std::string metric_gain_text(const LearningCurve& curve) {
  const std::string gain = value_text(curve.metric_gain);
  if (std::isnan(curve.metric_low)) return gain;
  return gain + " (" + value_text(curve.metric_low) + " to " + value_text(curve.metric_high) + ")";
}

void add_rows(TextTable& table, const LearningCurve& curve) {
  const auto count = [](std::size_t images) { return std::to_string(images); };
  table.add({curve.target, "labelled images", count(curve.quarter_images), count(curve.half_images),
             count(curve.images), "+" + count(curve.more)});
  table.add({"", "beats constant guess", share_text(curve.quarter), share_text(curve.half),
             share_text(curve.full), "+" + gain_text(curve)});
  if (curve.metric.empty()) return;
  table.add({"", curve.metric + (curve.unit.empty() ? "" : ", " + curve.unit),
             value_text(curve.metric_quarter), value_text(curve.metric_half), value_text(curve.metric_full),
             metric_gain_text(curve)});
}

}  // namespace

std::string more_labels_text(const std::vector<LearningCurve>& curves) {
  std::vector<std::string> sentences, untold;
  for (const LearningCurve& curve : most_gain_first(curves)) {
    if (!curve.holds()) {
      untold.push_back(curve.target);
    } else if (sentences.empty()) {
      sentences.push_back("More labelled images help " + curve.target + " most: " + promise(curve) + ".");
    } else {
      sentences.push_back(curve.target + ": " + promise(curve) + ".");
    }
  }
  if (!untold.empty())
    sentences.push_back("What more labelled images would bring for " + base::listed(untold) +
                        " cannot be told apart from nothing.");
  return base::join(sentences, " ");
}

std::string learning_curve_text(const std::vector<LearningCurve>& curves) {
  if (curves.empty()) return "";
  TextTable table("llrrrr");
  table.add({"task", "", "a quarter", "a half", "all", "with more"});
  table.rule();
  for (const LearningCurve& curve : curves) add_rows(table, curve);
  const std::string reading =
      "A point is one in a hundred test images on which the network beats the best constant guess. "
      "In brackets: 95 % intervals. All networks of a task were trained in the same way. "
      "What more images would bring is the straight line through the three points in the logarithm of their "
      "number, "
      "extended; as curves flatten, expect rather less.";
  const std::string heading =
      "Learning curves: each task's network on a quarter, a half and all of its labelled images";
  return heading + "\n\n" + table.text() + base::join(wrap(reading), "\n") + "\n";
}

}  // namespace taskonomy::report
