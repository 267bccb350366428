// taskonomy status: says how a run stands, from its folder alone.
#include <cstdio>
#include <iostream>

#include "apps/taskonomy/commands.hpp"
#include "core/affinity/loss_file.hpp"
#include "core/analysis/verdicts.hpp"
#include "core/base/csv.hpp"
#include "core/base/json.hpp"
#include "core/base/record.hpp"
#include "core/base/text.hpp"
#include "core/cluster/pilots.hpp"
#include "core/jobs/status.hpp"
#include "core/recipe/pretrained.hpp"
#include "core/report/advice.hpp"
#include "core/report/source_results.hpp"

namespace taskonomy::cli {

namespace {

/// How a run stands, and what is known of its networks.
struct Standing {
  jobs::RunStatus status;
  std::vector<recipe::Pretrained> sources;
  std::vector<analysis::Verdict> verdicts;
  std::optional<cluster::Pilots> pilots;  ///< while a run works with some
};

/// What the finished run says of its networks and transfers; before, whether the networks that are trained learned.
std::vector<analysis::Verdict> verdicts_of(const jobs::RunDirectory& run, const jobs::RunStatus& status,
                                           const recipe::Recipe& recipe) {
  const auto file = run.root() / report::kVerdictsFile;
  if (status.finished() && status.until.empty() && std::filesystem::exists(file))
    if (auto verdicts = report::read_verdicts(file)) return *std::move(verdicts);
  const auto untrained = run.prices().untrained;
  std::vector<analysis::Verdict> verdicts;
  for (const auto& task : recipe.tasks) {
    if (untrained.contains(task.id)) continue;
    try {
      const auto losses = affinity::read_source_losses(run.root(), task.id);
      if (!losses) continue;
      if (auto verdict = analysis::has_learned(*losses)) verdicts.push_back(std::move(*verdict));
    } catch (const base::Error&) {
      continue;  // a run that changes holds losses of before, which the next run makes again
    }
  }
  return verdicts;
}

std::string text_of(const std::string& run, const Standing& standing) {
  const auto& [status, sources, verdicts, pilots] = standing;
  std::size_t all = 0, done = 0;
  for (const auto& stage : status.stages) {
    all += stage.all;
    done += stage.done;
  }
  std::string text = run + ": " + std::to_string(done) + " of " + std::to_string(all) + " jobs done, ";
  text += status.process > 0  ? "process " + std::to_string(status.process) + " works on it\n"
          : status.finished() ? "finished" + (status.until.empty() ? "" : " up to the " + status.until) + "\n"
                              : std::string("not running\n");
  for (const auto& stage : status.stages) {
    char line[160];
    std::snprintf(line, sizeof line, "  %-12s %6zu/%-6zu %12s %14s", stage.name.c_str(), stage.done,
                  stage.all, base::byte_size(static_cast<double>(stage.bytes)).c_str(),
                  base::duration(stage.seconds).c_str());
    text +=
        line + (stage.failed > 0 ? "   " + std::to_string(stage.failed) + " failed" : std::string()) + "\n";
  }
  if (pilots) text += cluster::pilots_text(*pilots);
  for (const auto& source : sources) text += "pretrained source " + recipe::describe(source) + "\n";
  for (const auto& [task, reason] : status.left_out) text += "left out: " + task + ": " + reason + "\n";
  for (const auto& record : status.incomplete)
    text += "samples left out: " + jobs::left_out_text(record) + "\n";
  for (const auto& sentence : jobs::plugin_sentences(status.plugins)) text += "plugin: " + sentence + "\n";
  for (const auto& failure : status.failures)
    text += "failed: " + failure.id + ": " + failure.error + "\n  repeat it with: taskonomy worker " +
            base::shell_quoted(run) + " --job " + base::shell_quoted(failure.id) + "\n";
  if (!status.next.empty()) text += "next: " + base::join(status.next, ", ") + "\n";
  if ((!status.finished() || !status.until.empty()) && status.process == 0)
    text += "resume with: taskonomy run " + base::shell_quoted(run) + "\n";
  const std::string doubts = report::doubts_text(verdicts);
  return doubts.empty() ? text : text + "\n" + doubts;
}

std::string json_of(const std::string& run, const Standing& standing) {
  using base::Json;
  const auto& [status, sources, verdicts, pilots] = standing;
  Json stages = Json::array(), failures = Json::array(), files = Json::object(), samples = Json::object();
  for (const auto& record : status.incomplete) samples.set(record.id, record.left_out);
  for (const auto& stage : status.stages)
    stages.add(Json::object()
                   .set("name", stage.name)
                   .set("all", stage.all)
                   .set("done", stage.done)
                   .set("failed", stage.failed)
                   .set("bytes", stage.bytes)
                   .set("seconds", stage.seconds));
  for (const auto& failure : status.failures)
    failures.add(Json::object().set("job", failure.id).set("error", failure.error));
  for (const auto& source : sources) files.set(source.id, source.file.string());
  Json content = Json::object()
                     .set("run", run)
                     .set("finished", status.finished())
                     .set("until", status.until)
                     .set("process", status.process)
                     .set("stages", std::move(stages))
                     .set("failures", std::move(failures))
                     .set("left_out", status.left_out)
                     .set("samples_left_out", std::move(samples))
                     .set("plugins", base::to_json(status.plugins))
                     .set("sources", std::move(files))
                     .set("verdicts", base::to_json(verdicts))
                     .set("next", status.next);
  if (pilots) content.set("pilots", base::to_json(*pilots));
  return content.dump(2) + "\n";
}

std::string csv_of(const jobs::RunStatus& status) {
  base::CsvWriter table({"stage", "jobs", "done", "failed", "bytes", "seconds"});
  for (const auto& stage : status.stages)
    table.add(stage.name, stage.all, stage.done, stage.failed, stage.bytes, stage.seconds);
  return table.text();
}

base::ExitCode status(const Values& values) {
  const std::string format = values.format();
  const std::string run = values.text("RUN");
  const jobs::RunDirectory folder(run);
  Standing standing{jobs::status_of(folder), {}, {}, {}};
  const auto& status = standing.status;
  const auto recipe = folder.read_recipe();
  if (status.process > 0) standing.pilots = cluster::read_pilots(folder);
  standing.sources = recipe.sources;
  standing.verdicts = verdicts_of(folder, status, recipe);
  std::cout << (format == "json"  ? json_of(run, standing)
                : format == "csv" ? csv_of(status)
                                  : text_of(run, standing));
  return status.failures.empty() ? base::ExitCode::done : base::ExitCode::some_jobs_failed;
}

}  // namespace

Command status_command() {
  return {.name = "status",
          .summary = "what of a run is done, what failed, what is next",
          .arguments = {{"RUN"}},
          .about = R"(Prints for each stage how many jobs are done, how many failed and how much
disk and time they took; then the failures with their reasons, what is next,
whether a process works on the run now, on which other machines its pilots
are and what those that wait wait for, and which networks did not learn. It
loads no plugin and may be asked at any time. CSV has the table of stages
alone. The exit code is 4 when jobs failed, else 0.)",
          .examples = R"(taskonomy status runs/demo
watch taskonomy status runs/demo
taskonomy status runs/demo --format json)",
          .options = {format_option("text|json|csv"), json_option()},
          .run = status};
}

}  // namespace taskonomy::cli
