#include "core/pipeline/until.hpp"

#include <set>
#include <stdexcept>

namespace taskonomy::pipeline {

namespace {

/// Every stage up to a stopping point; each set holds all that its jobs read.
std::set<std::string> stages_until(const std::string& point) {
  std::set<std::string> stages{"samples", "images", "examples", "source", "constant", "pictures"};
  if (point == "sources") return stages;
  if (point != "transfers") throw std::logic_error("no stopping point \"" + point + "\"");
  stages.insert({"scratch", "features", "transfer", "shortlist"});
  return stages;
}

}  // namespace

const std::vector<std::string>& stopping_points() {
  static const std::vector<std::string> points{"sources", "transfers"};
  return points;
}

jobs::Plan stop_after(jobs::Plan plan, const std::string& point) {
  const auto stages = stages_until(point);
  const auto kept = [stages](const std::vector<jobs::Job>& jobs) {
    std::vector<jobs::Job> result;
    for (const auto& job : jobs)
      if (stages.count(jobs::stage_of(job.id)) > 0) result.push_back(job);
    return result;
  };
  jobs::Plan part;
  for (auto& job : kept(plan.graph.jobs())) part.graph.add(std::move(job));
  if (plan.expand)
    part.expand = [kept, expand = std::move(plan.expand)](const std::string& finished) {
      return kept(expand(finished));
    };
  return part;
}

}  // namespace taskonomy::pipeline
