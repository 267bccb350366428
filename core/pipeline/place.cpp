#include "core/pipeline/place.hpp"

#include <algorithm>
#include <set>

#include "core/base/error.hpp"
#include "core/pipeline/job_names.hpp"
#include "core/pipeline/plan.hpp"

namespace taskonomy::pipeline {

namespace {

/// Which of a whole plan's jobs are those of the placed task.
class Choice {
 public:
  Choice(std::string target, const PlaceOptions& options)
      : target_(std::move(target)), sources_(options.sources), own_network_(options.own_network) {}

  [[nodiscard]] bool wants(const std::string& job) const {
    const auto parts = names::parts(job);
    if (parts.size() < 2 || parts[1] != target_) return false;
    if (parts[0] == "transfer") return tries(parts[2]);
    if (parts[0] == "source" || parts[0] == "pictures") return own_network_;
    return parts[0] == "scratch" || parts[0] == "constant" || parts[0] == "shortlist" ||
           parts[0] == "affinity";
  }

  /// The job without competitors of its target that are not wanted.
  [[nodiscard]] jobs::Job pruned(jobs::Job job) const {
    const auto stage = jobs::stage_of(job.id);
    if (stage == "shortlist" || stage == "affinity")
      std::erase_if(job.inputs, [this](const std::string& input) { return !wants(input); });
    return job;
  }

 private:
  /// Higher orders ("a+b") come from a shortlist that has only wanted sources.
  [[nodiscard]] bool tries(const std::string& sources) const {
    return sources_.empty() || sources.find('+') != std::string::npos ||
           std::find(sources_.begin(), sources_.end(), sources) != sources_.end();
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

void check(Session& session) {
  const std::string& target = session.placed();
  for (const auto& [task, reason] : session.left_out())
    if (task == target) throw base::Error("task \"" + target + "\": " + reason);
  if (session.task(target).info().role == sdk::Role::source)
    throw base::Error("task \"" + target +
                      "\" is only a source: nothing is transferred into it, so it has no place to find");
}

}  // namespace

Placement place(std::shared_ptr<Session> session, std::shared_ptr<Session> run,
                const std::filesystem::path& folder, const PlaceOptions& options) {
  check(*session);
  const Choice choice(session->placed(), options);
  auto whole = make_plan(session, folder);
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
