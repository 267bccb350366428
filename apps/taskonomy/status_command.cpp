// taskonomy status: how a run stands, from its folder alone.
#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>

#include "apps/taskonomy/commands.hpp"
#include "apps/taskonomy/options.hpp"
#include "core/base/text.hpp"
#include "core/jobs/session.hpp"
#include "core/recipe/pretrained.hpp"

namespace taskonomy::cli {

namespace po = boost::program_options;

namespace {

const Usage kStatusUsage{
    "status",
    "RUN [--json]",
    "How many jobs of each stage are done, which failed and why, what is next, and whether a "
    "process works on\n"
    "it now. Loads no plugin; may be asked at any time. Exit code 4 when jobs failed, else 0.",
    {"taskonomy status runs/demo", "watch taskonomy status runs/demo"}};

po::options_description status_options() {
  po::options_description all;
  all.add_options()("json", "print one JSON object");
  return all;
}

/// Bytes as people read them: "12.3 MB".
std::string size_text(std::uint64_t bytes) {
  constexpr const char* kUnits[] = {"B", "kB", "MB", "GB", "TB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; value >= 1000.0 && unit + 1 < std::size(kUnits); ++unit) value /= 1000.0;
  return base::fixed(value, unit == 0 ? 0 : 1) + " " + kUnits[unit];
}

std::string text_of(const std::string& run, const jobs::RunStatus& status,
                    const std::vector<recipe::Pretrained>& sources) {
  std::size_t all = 0, done = 0;
  for (const auto& stage : status.stages) {
    all += stage.all;
    done += stage.done;
  }
  std::string text = run + ": " + std::to_string(done) + " of " + std::to_string(all) + " known jobs done, ";
  text += status.process > 0  ? "process " + std::to_string(status.process) + " works on it\n"
          : status.finished() ? "finished" + (status.until.empty() ? "" : " up to the " + status.until) + "\n"
                              : std::string("nobody works on it\n");
  for (const auto& stage : status.stages) {
    char line[160];
    std::snprintf(line, sizeof line, "  %-12s %6zu/%-6zu %12s %14s", stage.name.c_str(), stage.done,
                  stage.all, size_text(stage.bytes).c_str(), base::duration(stage.seconds).c_str());
    text +=
        line + (stage.failed > 0 ? "   " + std::to_string(stage.failed) + " failed" : std::string()) + "\n";
  }
  for (const auto& source : sources) text += "pretrained source " + recipe::describe(source) + "\n";
  for (const auto& [task, reason] : status.left_out) text += "left out: " + task + ": " + reason + "\n";
  for (const auto& failure : status.failures)
    text += "failed: " + failure.id + ": " + failure.error + "\n  repeat it with: taskonomy worker " + run +
            " --job " + failure.id + "\n";
  if (!status.next.empty()) text += "next: " + base::join(status.next, ", ") + "\n";
  if ((!status.finished() || !status.until.empty()) && status.process == 0)
    text += "go on with: taskonomy run " + run + "\n";
  return text;
}

std::string json_of(const std::string& run, const jobs::RunStatus& status,
                    const std::vector<recipe::Pretrained>& sources) {
  nlohmann::ordered_json content{
      {"run", run}, {"finished", status.finished()}, {"until", status.until}, {"process", status.process}};
  content["stages"] = nlohmann::ordered_json::array();
  for (const auto& stage : status.stages)
    content["stages"].push_back({{"name", stage.name},
                                 {"all", stage.all},
                                 {"done", stage.done},
                                 {"failed", stage.failed},
                                 {"bytes", stage.bytes},
                                 {"seconds", stage.seconds}});
  content["failures"] = nlohmann::ordered_json::array();
  for (const auto& failure : status.failures)
    content["failures"].push_back({{"job", failure.id}, {"error", failure.error}});
  content["left_out"] = status.left_out;
  content["sources"] = nlohmann::ordered_json::object();
  for (const auto& source : sources) content["sources"][source.id] = source.file.string();
  content["next"] = status.next;
  return content.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace

base::ExitCode status(const std::vector<std::string>& args) {
  const auto values = parse_options(kStatusUsage, status_options(), {{"RUN"}}, args);
  if (!values) return base::ExitCode::done;
  const std::string run = values->text("RUN");
  const jobs::RunDirectory folder(run);
  const jobs::RunStatus status = jobs::status_of(folder);
  const auto sources = folder.read_recipe().sources;
  std::cout << (values->has("json") ? json_of(run, status, sources) : text_of(run, status, sources));
  return status.failures.empty() ? base::ExitCode::done : base::ExitCode::some_jobs_failed;
}

}  // namespace taskonomy::cli
