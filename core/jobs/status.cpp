#include "core/jobs/status.hpp"

#include <algorithm>

#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "core/base/json.hpp"

namespace taskonomy::jobs {

namespace {

RunStatus::Stage& stage_named(RunStatus& status, const std::string& name) {
  for (auto& stage : status.stages)
    if (stage.name == name) return stage;
  status.stages.push_back({name});
  return status.stages.back();
}

}  // namespace

bool RunStatus::finished() const {
  return std::all_of(stages.begin(), stages.end(),
                     [](const Stage& stage) { return stage.done == stage.all; });
}

RunStatus status_of(const RunDirectory& run) {
  static_cast<void>(run.read_recipe());  // refuses what is no run folder
  if (!std::filesystem::exists(run.plan_file()))
    throw base::Error(run.root().string() + ": this run has not begun any job yet");
  const std::string text = base::read_file(run.plan_file());
  Manifest manifest;
  if (std::filesystem::exists(run.manifest_file())) manifest = run.read_manifest();
  return base::with_context(run.plan_file().string(), [&] {
    const auto plan = base::parse_json(text);
    RunStatus status;
    status.process = run.locked_by();
    status.left_out = manifest.left_out;
    status.plugins = manifest.plugins;
    status.until = plan.get<std::string>("until", "");
    std::map<std::string, std::string> errors;
    for (const auto& failure : plan.at("failures").elements())
      errors[failure.at("id").text()] = failure.at("error").text();
    for (const auto& job : plan.at("jobs").elements()) {
      const std::string id = job.at("id").text();
      RunStatus::Stage& stage = stage_named(status, stage_of(id));
      ++stage.all;
      if (const auto record = run.record(id, job.at("key").text())) {
        ++stage.done;
        stage.seconds += record->seconds;
        for (const auto& [file, bytes] : record->files) stage.bytes += bytes;
        if (!record->left_out.empty()) status.incomplete.push_back(*record);
      } else if (errors.count(id) > 0) {
        ++stage.failed;
        status.failures.push_back({id, errors[id]});
      } else {
        constexpr std::size_t kShown = 5;
        if (status.next.size() < kShown) status.next.push_back(id);
      }
    }
    return status;
  });
}

}  // namespace taskonomy::jobs
