// Numbers and intervals as JSON: what is unknown is null.
#pragma once

#include <cmath>
#include <nlohmann/json.hpp>

#include "core/analysis/interval.hpp"

namespace taskonomy::report {

[[nodiscard]] inline nlohmann::ordered_json real(double value) {
  return std::isfinite(value) ? nlohmann::ordered_json(value) : nlohmann::ordered_json(nullptr);
}

[[nodiscard]] inline nlohmann::ordered_json json_of(const analysis::Interval& interval) {
  return {{"estimate", real(interval.estimate)}, {"low", real(interval.low)}, {"high", real(interval.high)}};
}

}  // namespace taskonomy::report
