// Decides by the records alone, never by the name of a plugin.
#include "core/host/requirements.hpp"

#include <algorithm>
#include <vector>

#include <taskonomy/sdk/task.hpp>

#include "core/base/error.hpp"
#include "core/base/text.hpp"
#include "core/host/stamp.hpp"

namespace taskonomy::host {

namespace {

[[noreturn]] void fail(const std::string& kind, const std::string& id, const std::string& message) {
  throw base::Error(kind + " \"" + id + "\": " + message);
}

std::string quoted(const std::vector<std::string>& names) {
  std::vector<std::string> parts;
  for (const auto& name : names) parts.push_back("\"" + name + "\"");
  return base::join(parts, ", ");
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

void check_info(const sdk::TaskInfo& info, const std::string& stamp_id) {
  if (info.id != stamp_id) fail("task", stamp_id, "its record calls it \"" + info.id + "\"");
  if (const std::string problem = sdk::problem_of(info); !problem.empty()) fail("task", info.id, problem);
}

void check_info(const sdk::DatasetInfo& info, const std::string& stamp_id) {
  if (info.id != stamp_id) fail("dataset", stamp_id, "its record calls it \"" + info.id + "\"");
  if (info.title.empty()) fail("dataset", info.id, "its record has no title");
  if (info.modalities.empty()) fail("dataset", info.id, "offers no modality");
  if (info.view_kinds.empty()) fail("dataset", info.id, "offers no kind of views");
  for (const auto& name : info.modalities) {
    if (!is_id(name)) fail("dataset", info.id, "\"" + name + "\" is no name of a modality");
  }
  for (const auto& [modality, classes] : info.class_names) {
    if (classes.empty())
      fail("dataset", info.id, "modality \"" + modality + "\" has an empty list of classes");
  }
}

std::string lacking(const sdk::TaskInfo& task, const sdk::DatasetInfo& dataset) {
  const std::string offers =
      "; dataset \"" + dataset.id + "\" offers: " + base::join(dataset.modalities, ", ");
  std::vector<std::string> needed = task.modalities;
  if (task.input == sdk::InputKind::plain && !contains(needed, "rgb")) needed.insert(needed.begin(), "rgb");
  for (const auto& name : needed) {
    if (!contains(dataset.modalities, name)) return "needs modality \"" + name + "\"" + offers;
  }
  for (const auto& group : task.any_of) {
    const bool offered = std::any_of(group.begin(), group.end(),
                                     [&](const auto& name) { return contains(dataset.modalities, name); });
    if (!offered) return "needs one of the modalities " + quoted(group) + offers;
  }
  const auto& kinds = dataset.view_kinds;
  if (std::find(kinds.begin(), kinds.end(), task.view_kind) != kinds.end()) return "";
  std::vector<std::string> names;
  for (const auto kind : kinds) names.push_back(sdk::word_of(kind));
  return "needs views of kind " + sdk::word_of(task.view_kind) + "; dataset \"" + dataset.id +
         "\" offers: " + base::join(names, ", ");
}

void require_modalities(const sdk::TaskInfo& task, const sdk::DatasetInfo& dataset) {
  if (const std::string reason = lacking(task, dataset); !reason.empty()) fail("task", task.id, reason);
}

}  // namespace taskonomy::host
