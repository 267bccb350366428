// Estimates with their intervals in a line of text.
#pragma once

#include <string>

#include "core/analysis/interval.hpp"

namespace taskonomy::report {

/// share_text() for what may be below 0: "-.47".
[[nodiscard]] std::string signed_text(double value);
/// ".85 [.80, .90]"; the estimate alone where the interval is unknown, "-" for nothing.
[[nodiscard]] std::string interval_text(const analysis::Interval& interval);
/// The same for affinities, which are small: four digits.
[[nodiscard]] std::string affinity_interval_text(const analysis::Interval& interval);
/// A p-value or its like: ".0312", "<.0001", "-" for unknown.
[[nodiscard]] std::string p_text(double p);

}  // namespace taskonomy::report
