// Lines of JSON between host and workers.
#include "core/jobs/protocol.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "core/base/error.hpp"
#include "core/base/json_text.hpp"
#include "core/base/text.hpp"

namespace taskonomy::jobs {

namespace {

/// Messages of plugins may hold any bytes; the line must stay valid JSON.
std::string dump(const nlohmann::ordered_json& content) {
  return content.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

std::string ready_line(std::size_t threads) { return dump({{"ready", true}, {"threads", threads}}); }

std::optional<std::size_t> parse_ready(const std::string& line) {
  try {
    const auto content = base::parse_json(line);
    if (!content.at("ready").get<bool>()) return std::nullopt;
    return content.at("threads").get<std::size_t>();
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  } catch (const base::Error&) {
    return std::nullopt;
  }
}

std::string to_line(const Assignment& assignment) {
  return dump({{"id", assignment.id}, {"key", assignment.key}, {"inputs", assignment.inputs}});
}

std::string to_line(const JobReport& report) {
  nlohmann::ordered_json figures = nlohmann::ordered_json::object();
  for (const auto& [name, value] : report.figures)
    if (std::isfinite(value)) figures[name] = value;
  return dump({{"id", report.id},
               {"ok", report.ok},
               {"error", report.error},
               {"seconds", report.seconds},
               {"files", report.files},
               {"figures", figures}});
}

std::optional<Assignment> parse_assignment(const std::string& line) {
  const std::string text = base::trim(line);
  if (text.empty()) return std::nullopt;
  if (text.front() != '{') {
    if (text.find_first_of(" \t") != std::string::npos) return std::nullopt;
    return Assignment{text, "", {}};
  }
  try {
    const auto content = base::parse_json(text);
    return Assignment{content.at("id").get<std::string>(), content.at("key").get<std::string>(),
                      content.at("inputs").get<std::vector<std::string>>()};
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  } catch (const base::Error&) {
    return std::nullopt;
  }
}

std::optional<JobReport> parse_report(const std::string& line) {
  try {
    const auto content = base::parse_json(line);
    JobReport report;
    report.id = content.at("id").get<std::string>();
    report.ok = content.at("ok").get<bool>();
    report.error = content.at("error").get<std::string>();
    report.seconds = content.at("seconds").get<double>();
    report.files = content.at("files").get<std::vector<std::string>>();
    report.figures = content.at("figures").get<std::map<std::string, double>>();
    return report;
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  } catch (const base::Error&) {
    return std::nullopt;
  }
}

}  // namespace taskonomy::jobs
