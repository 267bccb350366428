// Lines of JSON between host and workers.
#include "core/jobs/protocol.hpp"

#include <cmath>

#include "core/base/error.hpp"
#include "core/base/json.hpp"
#include "core/base/text.hpp"

namespace taskonomy::jobs {

using base::Json;

std::string ready_line(std::size_t threads) {
  return Json::object().set("ready", true).set("threads", threads).dump();
}

std::optional<std::size_t> parse_ready(const std::string& line) {
  try {
    const auto content = base::parse_json(line);
    if (!content.at("ready").boolean()) return std::nullopt;
    return content.at("threads").count();
  } catch (const base::Error&) {
    return std::nullopt;
  }
}

std::string to_line(const Assignment& assignment) {
  return Json::object()
      .set("id", assignment.id)
      .set("key", assignment.key)
      .set("inputs", assignment.inputs)
      .set("ingredients", assignment.ingredients)
      .dump();
}

std::string to_line(const JobReport& report) {
  Json figures = Json::object();
  for (const auto& [name, value] : report.figures)
    if (std::isfinite(value)) figures.set(name, value);
  return Json::object()
      .set("id", report.id)
      .set("ok", report.ok)
      .set("error", report.error)
      .set("seconds", report.seconds)
      .set("files", report.files)
      .set("figures", std::move(figures))
      .dump();
}

std::string to_line(const JobStep& step) {
  Json line = Json::object().set("id", step.id).set("step", step.step).set("steps", step.steps);
  if (std::isfinite(step.loss)) line.set("loss", step.loss);
  return line.dump();
}

std::optional<JobStep> parse_step(const std::string& line) {
  try {
    const auto content = base::parse_json(line);
    if (!content.has("step")) return std::nullopt;
    return JobStep{content.at("id").text(), content.at("step").integer(), content.at("steps").integer(),
                   content.get("loss", 0.0)};
  } catch (const base::Error&) {
    return std::nullopt;
  }
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
    return Assignment{content.at("id").text(), content.at("key").text(),
                      content.at("inputs").as<std::vector<std::string>>(),
                      content.get("ingredients", std::string())};
  } catch (const base::Error&) {
    return std::nullopt;
  }
}

std::optional<JobReport> parse_report(const std::string& line) {
  try {
    const auto content = base::parse_json(line);
    JobReport report;
    report.id = content.at("id").text();
    report.ok = content.at("ok").boolean();
    report.error = content.at("error").text();
    report.seconds = content.at("seconds").number();
    report.files = content.at("files").as<std::vector<std::string>>();
    report.figures = content.at("figures").as<std::map<std::string, double>>();
    return report;
  } catch (const base::Error&) {
    return std::nullopt;
  }
}

}  // namespace taskonomy::jobs
