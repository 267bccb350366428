#include "core/report/interval_text.hpp"

#include <cmath>

#include "core/base/text.hpp"
#include "core/report/summary_text.hpp"

namespace taskonomy::report {

std::string signed_text(double value) { return value < 0.0 ? "-" + share_text(-value) : share_text(value); }

std::string interval_text(const analysis::Interval& interval) {
  const std::string text = signed_text(interval.estimate);
  if (std::isnan(interval.low)) return text;
  return text + " [" + signed_text(interval.low) + ", " + signed_text(interval.high) + "]";
}

std::string affinity_interval_text(const analysis::Interval& interval) {
  return base::fixed(interval.estimate, 4) + " [" + base::fixed(interval.low, 4) + ", " +
         base::fixed(interval.high, 4) + "]";
}

std::string p_text(double p) {
  if (std::isnan(p)) return "-";
  return p < 0.0001 ? "<.0001" : base::fixed(p, 4).substr(p < 1.0 ? 1 : 0);
}

}  // namespace taskonomy::report
