// What a run says of its learning curves: which labels need more images.
#pragma once

#include <string>
#include <vector>

#include "core/analysis/learning_curve.hpp"

namespace taskonomy::report {

/// CSV of analysis::LearningCurve, a row per task.
inline constexpr const char* kCurveFile = "curve.csv";

/// Sentences on one line: first the tasks that more labelled images help, most gain first, with how many and
/// how much; then those of which that cannot be told. "" without curves.
[[nodiscard]] std::string more_labels_text(const std::vector<analysis::LearningCurve>& curves);

/// The curves as a table under its heading, and how to read it; "" without curves.
[[nodiscard]] std::string learning_curve_text(const std::vector<analysis::LearningCurve>& curves);

}  // namespace taskonomy::report
