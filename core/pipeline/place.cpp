#include "core/pipeline/place.hpp"

#include <algorithm>
#include <set>

#include "core/base/error.hpp"
#include "core/pipeline/job_name.hpp"
#include "core/pipeline/plan.hpp"

namespace taskonomy::pipeline {

namespace {

/// Which of a whole plan's jobs are those of the placed task.
class Choice {
 public:
  Choice(std::string target, const PlaceOptions& options)
      : target_(std::move(target)), sources_(options.sources), own_network_(options.own_network) {}

  [[nodiscard]] bool wants(const std::string& id) const {
    const auto name = JobName::parse(id);
    if (!name || name->task != target_) return false;
    switch (name->stage) {
      case Stage::transfer:
        return tries(name->sources);
      case Stage::source:
      case Stage::pictures:
        return own_network_;
      case Stage::scratch:
      case Stage::constant:
      case Stage::shortlist:
      case Stage::affinity:
        return true;
      default:  // what those read is found by closure()
        return false;
    }
  }

  /// The job without competitors of its target that are not wanted.
  [[nodiscard]] jobs::Job pruned(jobs::Job job) const {
    const auto name = JobName::parse(job.id);
    if (name && (name->stage == Stage::shortlist || name->stage == Stage::affinity))
      std::erase_if(job.inputs, [this](const std::string& input) { return !wants(input); });
    return job;
  }

 private:
  /// Higher orders come from a shortlist that has only wanted sources.
  [[nodiscard]] bool tries(const Sources& sources) const {
    return sources_.empty() || sources.size() > 1 ||
           std::find(sources_.begin(), sources_.end(), sources.front()) != sources_.end();
  }

  std::string target_;
  std::vector<std::string> sources_;
  bool own_network_;
};

/// The wanted jobs of a graph and all that they read.
std::set<std::string> closure(const jobs::JobGraph& graph, const Choice& choice) {
  std::vector<std::string> open;
  for (const auto& job : graph.jobs())
    if (choice.wants(job.id)) open.push_back(job.id);
  std::set<std::string> kept;
  while (!open.empty()) {
    const std::string id = open.back();
    open.pop_back();
    if (!kept.insert(id).second) continue;
    const auto job = choice.pruned(graph.job(id));
    open.insert(open.end(), job.inputs.begin(), job.inputs.end());
  }
  return kept;
}

void check(const Setup& setup) {
  const std::string& target = setup.placed();
  for (const auto& [task, reason] : setup.left_out())
    if (task == target) throw base::Error("task \"" + target + "\": " + reason);
  if (setup.info(target).role == sdk::Role::source)
    throw base::Error("task \"" + target + "\" can only be a source, so it cannot be placed");
}

}  // namespace

Placement place(std::shared_ptr<const Setup> setup, std::shared_ptr<const Setup> run,
                const std::filesystem::path& folder, const PlaceOptions& options) {
  check(*setup);
  const Choice choice(setup->placed(), options);
  auto whole = make_plan(setup, folder);
  const auto of_run = make_plan(run, folder);
  const auto kept = closure(whole.graph, choice);
  Placement placement;
  for (const auto& job : whole.graph.jobs()) {
    if (kept.count(job.id) == 0) continue;
    placement.plan.graph.add(choice.pruned(job));
    if (of_run.graph.contains(job.id)) placement.needed.push_back(job.id);
  }
  placement.plan.expand = [choice, expand = std::move(whole.expand)](const std::string& finished) {
    std::vector<jobs::Job> jobs;
    for (const auto& job : expand(finished))
      if (choice.wants(job.id)) jobs.push_back(choice.pruned(job));
    return jobs;
  };
  return placement;
}

}  // namespace taskonomy::pipeline
