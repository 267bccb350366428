#include "core/pipeline/trial.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <stdexcept>
#include <tuple>

#include "core/base/error.hpp"
#include "core/host/boundary.hpp"
#include "core/pipeline/job_name.hpp"
#include "core/training/memory_forecast.hpp"

namespace taskonomy::pipeline {

namespace {

constexpr std::int64_t kBatch = 16;
constexpr double kImages = 16.0;  // in each split, at least

/// The first task of each sort of network, and a second one so that something can be transferred.
std::vector<recipe::TaskEntry> representatives(const Setup& setup) {
  std::set<std::tuple<sdk::ViewKind, int, std::int64_t, bool, std::size_t>> seen;
  std::vector<recipe::TaskEntry> chosen, others;
  for (const auto& entry : setup.recipe().tasks) {
    const auto& info = setup.info(entry.id);
    const bool is_new = seen.insert({info.view_kind, sdk::input_views(info), info.input_side, info.trained,
                                     info.prediction.shape.size()})
                            .second;
    (is_new ? chosen : others).push_back(entry);
  }
  if (chosen.size() < 2 && !others.empty()) chosen.push_back(others.front());
  return chosen;
}

/// Shares that give each of the three splits as many units as hold kImages samples.
recipe::Split small_split(const Setup& setup) {
  const auto scenes = host::call_dataset(setup.recipe().data.dataset, "scenes", [&] {
    return setup.dataset().scenes(setup.info(setup.recipe().tasks.front().id).view_kind);
  });
  double samples = 0.0;
  for (const auto& scene : scenes) {
    if (!scene.split.empty())
      throw base::Error(
          "the dataset's own split decides which scenes are used, so there is no small part to try");
    samples += static_cast<double>(scene.samples);
  }
  recipe::Split split = setup.recipe().split;
  const double units = split.unit == "scene" ? static_cast<double>(scenes.size()) : samples;
  const double needed = std::ceil(kImages * units / std::max(1.0, samples));
  const double share = std::min(1.0 / 3.0, std::max(1.0, needed) / std::max(1.0, units));
  split.train = std::min(split.train, share);
  split.transfer = std::min(split.transfer, share);
  split.test = std::min(split.test, share);
  return split;
}

}  // namespace

recipe::Recipe trial_of(const Setup& setup, std::int64_t steps) {
  recipe::Recipe trial = setup.recipe();
  trial.split = small_split(setup);
  for (recipe::Training* training : {&trial.source, &trial.transfer.training}) {
    training->steps = std::min(training->steps, steps);
    training->batch = std::min(training->batch, kBatch);
  }
  // One round, so that what it took says what a round takes (plan.cpp weighs how many there are).
  trial.scratch = {.steps = trial.transfer.training.steps};
  trial.steps_of.clear();
  trial.start = recipe::kNoStart;  // costs the same, and may not be there
  trial.start_of.clear();
  trial.transfer.orders = {1};
  trial.taxonomy = {};
  return trial;
}

jobs::Plan trial_plan(const jobs::Plan& plan, const Setup& trial, TrialNetworks networks) {
  const auto tasks = representatives(trial);
  const std::string& first = tasks.front().id;
  const std::string& second = tasks.back().id;
  const auto stands_for_others = [&](const std::string& task) {
    return std::any_of(tasks.begin(), tasks.end(), [&](const auto& entry) { return entry.id == task; });
  };
  std::optional<JobName> curve;
  for (const auto& job : plan.graph.jobs())
    if (const auto name = JobName::parse(job.id).value(); !curve && name.stage == Stage::curve) curve = name;
  const bool sources_alone = networks == TrialNetworks::sources;
  const auto wanted = [&](const JobName& name) {
    if (sources_alone && name.stage == Stage::source) return true;
    if (sources_alone && row_of(name.stage).until != Until::sources) return false;
    switch (name.stage) {
      case Stage::samples:
      case Stage::images:
      case Stage::examples:
        return true;
      case Stage::features:
        // A pretrained network is as fast or slow as it is: there is no other to stand for it.
        return (name.view_kind || stands_for_others(name.task)) &&
               (trial.pretrained(name.sources.front()) != nullptr || name.sources.front() == first ||
                name.sources.front() == second);
      case Stage::transfer:
        return stands_for_others(name.task) && name.sources == Sources{name.task == first ? second : first};
      case Stage::source:
      case Stage::constant:
      case Stage::pictures:
      case Stage::scratch:
        return stands_for_others(name.task);
      case Stage::curve:  // of tasks whose labels cost something, which may all be among the others
        return curve == name;
      case Stage::shortlist:
      case Stage::affinity:
      case Stage::report:
      case Stage::predictions:
      case Stage::finish:
        return false;
    }
    throw std::logic_error("unknown stage");
  };
  jobs::Plan part;
  for (const auto& job : plan.graph.jobs())
    if (wanted(JobName::parse(job.id).value())) part.graph.add(job);
  return part;
}

std::uint64_t forecast_gpu_memory(const Setup& setup) {
  const auto& recipe = setup.recipe();
  const auto pixels = [&](const sdk::TaskInfo& info) {
    const auto side = sdk::input_side(info, recipe.data.side);
    return sdk::input_views(info) * side * side;
  };
  std::vector<std::string> own;
  std::int64_t most = 0;
  for (const auto& entry : recipe.tasks)
    if (!setup.is_guest(entry.id) && setup.info(entry.id).trained) {
      own.push_back(entry.id);
      most = std::max(most, pixels(setup.info(entry.id)));
    }
  std::set<std::size_t> seen;  // images and vectors have decoders of their own
  std::uint64_t bytes = 0;
  for (const auto& id : own) {
    const auto& info = setup.info(id);
    if (pixels(info) == most && seen.insert(info.prediction.shape.size()).second)
      bytes = std::max(bytes, training::gpu_memory_of_training(recipe, *setup.fresh_task(id)));
  }
  return bytes;
}

double factor_within(double seconds, const std::vector<SourceTime>& sources, std::size_t workers) {
  const auto all_done = [&](double factor) {  // seconds until the last worker has nothing left
    std::vector<double> left, busy(std::max<std::size_t>(workers, 1), 0.0);
    for (const auto& source : sources) left.push_back(source.fixed + source.per_step * factor);
    std::sort(left.rbegin(), left.rend());
    for (const double one : left) *std::min_element(busy.begin(), busy.end()) += one;
    return *std::max_element(busy.begin(), busy.end());
  };
  if (all_done(0.0) >= seconds) return 0.0;
  double low = 0.0, high = 1.0;
  while (high < 1e12 && all_done(high) < seconds) high *= 2.0;
  for (int halving = 0; halving < 60; ++halving) {
    const double middle = 0.5 * (low + high);
    (all_done(middle) <= seconds ? low : high) = middle;
  }
  return low;
}

}  // namespace taskonomy::pipeline
