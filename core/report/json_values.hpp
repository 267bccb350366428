// Numbers and intervals as JSON, where what is unknown is null, and JSON as text.
#pragma once

#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

#include "core/analysis/interval.hpp"

namespace taskonomy::report {

[[nodiscard]] inline nlohmann::ordered_json real(double value) {
  return std::isfinite(value) ? nlohmann::ordered_json(value) : nlohmann::ordered_json(nullptr);
}

[[nodiscard]] inline nlohmann::ordered_json json_of(const analysis::Interval& interval) {
  return {{"estimate", real(interval.estimate)}, {"low", real(interval.low)}, {"high", real(interval.high)}};
}

/// Indented. Task names come from files and may not be UTF-8: bytes that are not are replaced.
[[nodiscard]] inline std::string text_of(const nlohmann::ordered_json& json) {
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace taskonomy::report
