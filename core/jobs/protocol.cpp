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

Json to_json(const Assignment& assignment) {
  Json content = Json::object()
                     .set("id", assignment.id)
                     .set("key", assignment.key)
                     .set("inputs", assignment.inputs)
                     .set("ingredients", assignment.ingredients);
  if (assignment.gpu_share != 1.0) content.set("gpu_share", assignment.gpu_share);
  return content;
}

Json to_json(const JobReport& report) {
  Json figures = Json::object();
  for (const auto& [name, value] : report.figures)
    if (std::isfinite(value)) figures.set(name, value);
  Json content = Json::object()
                     .set("id", report.id)
                     .set("ok", report.ok)
                     .set("error", report.error)
                     .set("seconds", report.seconds)
                     .set("files", report.files)
                     .set("figures", std::move(figures));
  if (report.crashed) content.set("crashed", true);
  if (report.disk_failed) content.set("disk_failed", true);
  if (report.gpu_fault != GpuFault::none) content.set("gpu_fault", std::string(word_of(report.gpu_fault)));
  return content;
}

Json to_json(const JobStep& step) {
  Json content = Json::object().set("id", step.id).set("step", step.step).set("steps", step.steps);
  if (std::isfinite(step.loss)) content.set("loss", step.loss);
  return content;
}

std::string to_line(const Assignment& assignment) { return to_json(assignment).dump(); }
std::string to_line(const JobReport& report) { return to_json(report).dump(); }
std::string to_line(const JobStep& step) { return to_json(step).dump(); }

JobStep step_in(const base::JsonReader& content) {
  return {content.at("id").text(), content.at("step").integer(), content.at("steps").integer(),
          content.get("loss", 0.0)};
}

Assignment assignment_in(const base::JsonReader& content) {
  Assignment assignment{content.at("id").text(), content.at("key").text(),
                        content.at("inputs").as<std::vector<std::string>>(),
                        content.get("ingredients", std::string())};
  assignment.gpu_share = content.get("gpu_share", 1.0);
  return assignment;
}

JobReport report_in(const base::JsonReader& content) {
  JobReport report;
  report.id = content.at("id").text();
  report.ok = content.at("ok").boolean();
  report.error = content.at("error").text();
  report.seconds = content.at("seconds").number();
  report.files = content.at("files").as<std::vector<std::string>>();
  report.figures = content.at("figures").as<std::map<std::string, double>>();
  report.crashed = content.get("crashed", false);
  report.disk_failed = content.get("disk_failed", false);
  report.gpu_fault = gpu_fault_of_word(content.get("gpu_fault", std::string()));
  return report;
}

std::optional<JobStep> parse_step(const std::string& line) {
  try {
    const auto content = base::parse_json(line);
    if (!content.has("step")) return std::nullopt;
    return step_in(content);
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
    return assignment_in(base::parse_json(text));
  } catch (const base::Error&) {
    return std::nullopt;
  }
}

std::optional<JobReport> parse_report(const std::string& line) {
  try {
    return report_in(base::parse_json(line));
  } catch (const base::Error&) {
    return std::nullopt;
  }
}

}  // namespace taskonomy::jobs
