#include "core/pipeline/trial.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>

#include "core/base/error.hpp"
#include "core/host/boundary.hpp"
#include "core/pipeline/job_names.hpp"

namespace taskonomy::pipeline {

namespace {

constexpr std::int64_t kSteps = 16, kBatch = 16;  // so many that building the networks weighs little
constexpr double kImages = 16.0;                  // in each split, at least

/// The first task of each sort of network, and a second one so that something can be transferred.
std::vector<recipe::TaskEntry> representatives(Session& session) {
  std::set<std::tuple<sdk::ViewKind, int, std::int64_t, bool, std::size_t>> seen;
  std::vector<recipe::TaskEntry> chosen, others;
  for (const auto& entry : session.recipe().tasks) {
    const auto& info = session.task(entry.id).info();
    const bool is_new = seen.insert({info.view_kind, sdk::input_views(info), info.input_side, info.trained,
                                     info.prediction.shape.size()})
                            .second;
    (is_new ? chosen : others).push_back(entry);
  }
  if (chosen.size() < 2 && !others.empty()) chosen.push_back(others.front());
  return chosen;
}

/// Shares that give each of the three splits as many units as hold kImages samples.
recipe::Split small_split(Session& session) {
  const auto scenes = host::call_dataset(session.recipe().data.dataset, "scenes", [&] {
    return session.dataset().scenes(session.task(session.recipe().tasks.front().id).info().view_kind);
  });
  double samples = 0.0;
  for (const auto& scene : scenes) {
    if (!scene.split.empty())
      throw base::Error(
          "the dataset's own split decides which scenes are used, so there is no small part to try");
    samples += static_cast<double>(scene.samples);
  }
  recipe::Split split = session.recipe().split;
  const double units = split.unit == "scene" ? static_cast<double>(scenes.size()) : samples;
  const double needed = std::ceil(kImages * units / std::max(1.0, samples));
  const double share = std::min(1.0 / 3.0, std::max(1.0, needed) / std::max(1.0, units));
  split.train = std::min(split.train, share);
  split.transfer = std::min(split.transfer, share);
  split.test = std::min(split.test, share);
  return split;
}

}  // namespace

recipe::Recipe trial_of(Session& session) {
  recipe::Recipe trial = session.recipe();
  trial.tasks = representatives(session);
  trial.split = small_split(session);
  for (recipe::Training* training : {&trial.source, &trial.transfer.training}) {
    training->steps = std::min(training->steps, kSteps);
    training->batch = std::min(training->batch, kBatch);
  }
  trial.steps_of.clear();
  trial.transfer.orders = {1};
  trial.taxonomy = {};
  return trial;
}

jobs::Plan trial_plan(const jobs::Plan& plan, const recipe::Recipe& trial) {
  const std::set<std::string> judging{"shortlist", "affinity", "report", "pictures"};
  const std::string& first = trial.tasks.front().id;
  const std::string& second = trial.tasks.back().id;
  jobs::Plan part;
  for (const auto& job : plan.graph.jobs()) {
    const auto parts = names::parts(job.id);
    if (judging.count(parts.front()) > 0) continue;
    // A pretrained network is as fast or slow as it is: there is no other to stand for it.
    const bool from_task = std::none_of(trial.sources.begin(), trial.sources.end(),
                                        [&](const auto& source) { return source.id == parts[1]; });
    if (parts.front() == "features" && from_task && parts[1] != first && parts[1] != second) continue;
    if (parts.front() == "transfer" && parts[2] != (parts[1] == first ? second : first)) continue;
    part.graph.add(job);
  }
  return part;
}

}  // namespace taskonomy::pipeline
