#include "core/pipeline/session.hpp"

#include <algorithm>
#include <set>

#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "core/base/hash.hpp"
#include "core/base/text.hpp"
#include "core/host/boundary.hpp"
#include "core/host/requirements.hpp"
#include "core/network/backbone.hpp"

namespace taskonomy::pipeline {

Session::Session(const recipe::Recipe& recipe, host::PluginRegistry& registry, std::string placed)
    : recipe_(recipe), placed_(std::move(placed)), registry_(registry) {
  if (recipe_.missing == "skip") leave_out_missing();
}

void Session::leave_out_missing() {
  static_cast<void>(dataset());  // first, so that what is wrong with it is said as its own
  std::vector<recipe::TaskEntry> kept;
  for (const auto& entry : recipe_.tasks) {
    auto [task, reason] = attempt(entry);
    if (task) {
      tasks_[entry.id] = std::move(task);
      kept.push_back(entry);
    } else {
      left_out_.push_back({entry.id, reason});
    }
  }
  if (kept.empty())
    throw base::Error(recipe_.tasks.front().where +
                      ": tasks: the dataset has labels for none of them; the first one, \"" +
                      left_out_.front().task + "\", " + left_out_.front().reason);
  recipe_.tasks = std::move(kept);
}

Session::Attempt Session::attempt(const recipe::TaskEntry& entry) {
  return base::with_context(entry.where, [&]() -> Attempt {
    const auto& offered = dataset().info();
    const auto made_for = [&](const sdk::DatasetInfo& info) {
      return registry_.create_task(entry.id, entry.params, info, recipe_.data.side);
    };
    try {
      auto task = made_for(offered);
      const std::string reason = host::lacking(task->info(), offered);
      return reason.empty() ? Attempt{task, ""} : Attempt{nullptr, reason};
    } catch (const base::Error& error) {
      // Some tasks cannot even be made without their modality's class names: the imaginary dataset that
      // offers everything tells what they need.
      std::string reason;
      try {
        reason = host::lacking(made_for(host::any_dataset())->info(), offered);
      } catch (const base::Error&) {
        throw error;
      }
      if (reason.empty()) throw;
      return {nullptr, reason};
    }
  });
}

const sdk::Dataset& Session::dataset() {
  if (!dataset_)
    dataset_ =
        registry_.create_dataset(recipe_.data.dataset, recipe_.data.params, recipe_.data.side, recipe_.seed);
  return *dataset_;
}

const sdk::Task& Session::task(const std::string& id) {
  if (const auto found = tasks_.find(id); found != tasks_.end()) return *found->second;
  const auto entry =
      std::find_if(recipe_.tasks.begin(), recipe_.tasks.end(), [&](const auto& e) { return e.id == id; });
  if (entry == recipe_.tasks.end()) {
    std::vector<std::string> known;
    for (const auto& task : recipe_.tasks) known.push_back(task.id);
    throw base::Error("the recipe has no task \"" + id + "\"" + base::did_you_mean(id, known));
  }
  auto [task, reason] = attempt(*entry);
  if (!task)
    throw base::Error(entry->where + ": task \"" + id + "\": " + reason +
                      "\nleave it out of tasks, or let missing = \"skip\" do so");
  return *tasks_.emplace(id, std::move(task)).first->second;
}

const recipe::Pretrained* Session::pretrained(const std::string& id) const {
  const auto found = std::find_if(recipe_.sources.begin(), recipe_.sources.end(),
                                  [&](const auto& source) { return source.id == id; });
  return found == recipe_.sources.end() ? nullptr : &*found;
}

std::string Session::weights_fingerprint(const recipe::Pretrained& source) {
  auto& known = fingerprints_["sources." + source.id];
  if (known.empty()) {
    network::inspect(source);
    const base::MappedFile file(source.file);
    known = base::fingerprint({reinterpret_cast<const char*>(file.data()), file.size()});
  }
  return known;
}

double Session::label_cost(const std::string& id) {
  const auto given = recipe_.taxonomy.cost.find(id);
  if (given != recipe_.taxonomy.cost.end()) return given->second;
  const auto* source = pretrained(id);
  return source != nullptr ? source->label_cost : task(id).info().label_cost;
}

std::string Session::plugin_fingerprint(host::Kind kind, const std::string& id) {
  const auto path = registry_.find(kind, id).path;
  auto& known = fingerprints_[path.string()];
  if (known.empty()) known = base::fingerprint(base::read_file(path));
  return known;
}

void Session::add_modalities(const sdk::TaskInfo& info, std::set<std::string>& wanted) {
  const auto& offered = dataset().info().modalities;
  wanted.insert(info.modalities.begin(), info.modalities.end());
  for (const auto& alternatives : info.any_of) {
    const auto first =
        std::find_first_of(alternatives.begin(), alternatives.end(), offered.begin(), offered.end());
    if (first != alternatives.end()) wanted.insert(*first);
  }
}

std::vector<std::string> Session::modalities(const std::string& id) {
  std::set<std::string> wanted{"rgb"};
  add_modalities(task(id).info(), wanted);
  return {wanted.begin(), wanted.end()};
}

std::vector<std::string> Session::modalities(sdk::ViewKind kind) {
  std::set<std::string> wanted{"rgb"};
  bool of_run = false;
  for (const auto& entry : recipe_.tasks) {
    const auto& info = task(entry.id).info();
    if (info.view_kind != kind || entry.id == placed_) continue;
    of_run = true;
    add_modalities(info, wanted);
  }
  // No task of the run looks at such views: the samples are the placed task's alone.
  if (!of_run && !placed_.empty()) return modalities(placed_);
  return {wanted.begin(), wanted.end()};
}

const std::vector<data::SampleKey>& Session::samples(sdk::ViewKind kind) {
  auto& keys = samples_[kind];
  if (keys.empty()) {
    const auto scenes =
        host::call_dataset(recipe_.data.dataset, "scenes", [&] { return dataset().scenes(kind); });
    keys = base::with_context(recipe_.file,
                              [&] { return data::make_splits(scenes, recipe_.split, recipe_.seed); });
  }
  return keys;
}

}  // namespace taskonomy::pipeline
