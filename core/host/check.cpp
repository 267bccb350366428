// Checks of the records by which the host decides.
#include "core/host/check.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <taskonomy/sdk/modality.hpp>

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

/// What is wrong with a specification, or "".
std::string problem_of(const sdk::TensorSpec& spec) {
  if (spec.shape.empty()) return "has no shape";
  for (const auto length : spec.shape) {
    if (length < 1 && length != -1) return "has a dimension of length " + std::to_string(length);
  }
  if (std::isnan(spec.low) || std::isnan(spec.high) || spec.low > spec.high) {
    return "has the empty range " + base::number(spec.low) + " to " + base::number(spec.high);
  }
  return "";
}

}  // namespace

void check_info(const sdk::TaskInfo& info, const std::string& stamp_id) {
  if (info.id != stamp_id) fail("task", stamp_id, "its record calls it \"" + info.id + "\"");
  if (info.title.empty()) fail("task", info.id, "its record has no title");
  if (!(info.label_cost >= 0.0) || std::isinf(info.label_cost)) {
    fail("task", info.id, "label cost " + base::number(info.label_cost) + " is not a number from 0 up");
  }
  std::vector<std::string> modalities = info.modalities;
  for (const auto& group : info.any_of) {
    if (group.empty()) fail("task", info.id, "a list of alternative modalities is empty");
    modalities.insert(modalities.end(), group.begin(), group.end());
  }
  for (const auto& name : modalities) {
    if (!is_id(name)) fail("task", info.id, "\"" + name + "\" is no name of a modality");
  }
  if (!info.trained && info.role != sdk::Role::source) {
    fail("task", info.id, "is not trained, so its role can only be source");
  }
  if (info.input_views < 0 || info.input_side < 0) {
    fail("task", info.id, "has a negative number or side of input images");
  }
  if (info.input == sdk::InputKind::plain && (info.input_views != 0 || info.input_side != 0)) {
    fail("task", info.id,
         "takes the plain image, so it cannot choose the number or side of its input images");
  }
  if (!info.trained) return;
  const std::string target = problem_of(info.target);
  if (!target.empty()) fail("task", info.id, "target " + target);
  const std::string prediction = problem_of(info.prediction);
  if (!prediction.empty()) fail("task", info.id, "prediction " + prediction);
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
  for (const auto kind : kinds) names.push_back(name_of(kind));
  return "needs views of kind " + name_of(task.view_kind) + "; dataset \"" + dataset.id +
         "\" offers: " + base::join(names, ", ");
}

void require_modalities(const sdk::TaskInfo& task, const sdk::DatasetInfo& dataset) {
  if (const std::string reason = lacking(task, dataset); !reason.empty()) fail("task", task.id, reason);
}

sdk::DatasetInfo any_dataset() {
  sdk::DatasetInfo info;
  info.id = "any";
  info.title = "Any dataset";
  info.modalities = sdk::known_modalities();
  info.view_kinds = {sdk::ViewKind::single, sdk::ViewKind::fixated_pair, sdk::ViewKind::fixated_triplet,
                     sdk::ViewKind::nonfixated_pair, sdk::ViewKind::matching_pair};
  info.class_names = {{"segment_semantic", {"uncertain", "wall", "floor", "chair", "table", "bed", "lamp"}},
                      {"class_object", {"chair", "table", "bed", "lamp", "book"}},
                      {"class_scene", {"bedroom", "kitchen", "bathroom", "office", "corridor", "storage"}}};
  return info;
}

std::string name_of(sdk::ViewKind kind) {
  switch (kind) {
    case sdk::ViewKind::single:
      return "single";
    case sdk::ViewKind::fixated_pair:
      return "fixated pair";
    case sdk::ViewKind::fixated_triplet:
      return "fixated triplet";
    case sdk::ViewKind::nonfixated_pair:
      return "non-fixated pair";
    case sdk::ViewKind::matching_pair:
      return "matching pair";
  }
  return "unknown";
}

}  // namespace taskonomy::host
