// taskonomy tasks list, tasks show, datasets list, datasets show: which plugins there are, and all that one
// of them says of itself.
#include <iostream>

#include <taskonomy/sdk/extensions.hpp>
#include <taskonomy/sdk/figure.hpp>

#include "apps/learning/actions.hpp"
#include "apps/learning/plugin_listing.hpp"
#include "core/base/json.hpp"
#include "core/base/text.hpp"
#include "core/host/boundary.hpp"
#include "core/host/parcel.hpp"
#include "core/host/requirements.hpp"

namespace taskonomy::cli {

namespace {

std::string text_of(sdk::Role role) {
  return role == sdk::Role::source ? "source" : role == sdk::Role::target ? "target" : "source and target";
}
std::string text_of(sdk::MaskKind mask) {
  return mask == sdk::MaskKind::none ? "none" : mask == sdk::MaskKind::pixel ? "per pixel" : "per image";
}
std::string text_of(sdk::InputKind input) {
  return input == sdk::InputKind::plain ? "the plain image" : "its own, made from the image";
}

/// The name of a type as in numpy and PyTorch: "float32", "uint8".
std::string name_of(torch::Dtype dtype) {
  switch (dtype) {
    case torch::kFloat32:
      return "float32";
    case torch::kFloat64:
      return "float64";
    case torch::kUInt8:
      return "uint8";
    case torch::kInt32:
      return "int32";
    case torch::kInt64:
      return "int64";
    case torch::kBool:
      return "bool";
    default:
      return torch::toString(dtype);
  }
}

/// "float32 [3,64,64] in -1..1".
std::string text_of(const sdk::TensorSpec& spec, std::int64_t side) {
  std::vector<std::string> lengths;
  for (const auto length : spec.shape) lengths.push_back(std::to_string(length == -1 ? side : length));
  const std::string text = name_of(spec.dtype) + " [" + base::join(lengths, ",") + "]";
  return text + " in " + base::number(spec.low) + ".." + base::number(spec.high);
}

std::string needs_text(const sdk::TaskInfo& info) {
  std::vector<std::string> parts = info.modalities;
  for (const auto& group : info.any_of) parts.push_back(base::join(group, " or "));
  return base::join(parts, ", ");
}

base::Json json_of(const sdk::TensorSpec& spec, std::int64_t side) {
  std::vector<std::int64_t> shape = spec.shape;
  for (auto& length : shape) length = length == -1 ? side : length;
  return base::Json::object()
      .set("shape", shape)
      .set("dtype", name_of(spec.dtype))
      .set("low", spec.low)
      .set("high", spec.high);
}

/// What the JSON of every plugin begins with; `Info` is a TaskInfo or a DatasetInfo.
template <class Info>
base::Json json_head(const host::PluginEntry& entry, const Info& info) {
  return base::Json::object()
      .set("id", info.id)
      .set("title", info.title)
      .set("summary", entry.summary)
      .set("version", entry.version)
      .set("licence", entry.licence)
      .set("file", entry.path.string());
}

void print_json(const host::PluginEntry& entry, const sdk::TaskInfo& info, const std::string& dataset,
                std::int64_t side) {
  const base::Json content = json_head(entry, info)
                                 .set("family", info.family)
                                 .set("reference", info.reference)
                                 .set("role", text_of(info.role))
                                 .set("views", sdk::views_of(info.view_kind))
                                 .set("view_kind", sdk::word_of(info.view_kind))
                                 .set("label_cost", info.label_cost)
                                 .set("trained", info.trained)
                                 .set("modalities", info.modalities)
                                 .set("any_of", info.any_of)
                                 .set("own_input", info.input == sdk::InputKind::own)
                                 .set("mask", text_of(info.mask))
                                 .set("dataset", dataset)
                                 .set("side", side)
                                 .set("target", json_of(info.target, side))
                                 .set("prediction", json_of(info.prediction, side))
                                 .set("notes", entry.notes)
                                 .set("manual", entry.manual);
  std::cout << content.dump(2) << "\n";
}

bool draws(const sdk::Task& task) {
  return sdk::extension_of<sdk::Visualize>(task) != nullptr ||
         sdk::extension_of<sdk::Illustrate>(task) != nullptr;
}

void print_text(const host::PluginEntry& entry, const sdk::TaskInfo& info, bool draws,
                const std::string& dataset, std::int64_t side) {
  std::cout << info.id << ": " << info.title << "\n";
  print_fields(
      {{"summary", entry.summary},
       {"family", info.family},
       {"reference", info.reference},
       {"role", text_of(info.role) + (info.trained ? "" : ", never trained")},
       {"views", std::to_string(sdk::views_of(info.view_kind)) + " (" + sdk::word_of(info.view_kind) + ")"},
       {"needs", needs_text(info)},
       {"input", text_of(info.input)},
       {"target", text_of(info.target, side)},
       {"mask", text_of(info.mask)},
       {"prediction", text_of(info.prediction, side)},
       {"label cost", base::number(info.label_cost)},
       {"drawing", draws ? "yes" : "no"},
       {"shown for", "dataset \"" + dataset + "\", images of " + std::to_string(side) + " px"},
       {"version", entry.version + ", licence " + entry.licence},
       {"file", entry.path.string()},
       {"note", base::join(entry.notes, "; ")}});
}

/// Scenes and samples of one kind of views.
struct Count {
  sdk::ViewKind kind;
  std::size_t scenes = 0;
  std::int64_t samples = 0;
};

std::vector<Count> count(const sdk::Dataset& dataset) {
  std::vector<Count> counts;
  for (const auto kind : dataset.info().view_kinds) {
    const auto scenes = host::call_dataset(dataset.info().id, "scenes", [&] { return dataset.scenes(kind); });
    Count sum{kind, scenes.size(), 0};
    for (const auto& scene : scenes) sum.samples += scene.samples;
    counts.push_back(sum);
  }
  return counts;
}

void print_json(const host::PluginEntry& entry, const sdk::DatasetInfo& info,
                const std::vector<Count>& counts) {
  base::Json kinds = base::Json::array();
  for (const auto& views : counts) {
    kinds.add(base::Json::object()
                  .set("kind", sdk::word_of(views.kind))
                  .set("views", sdk::views_of(views.kind))
                  .set("scenes", views.scenes)
                  .set("samples", views.samples));
  }
  const base::Json content = json_head(entry, info)
                                 .set("reference", info.reference)
                                 .set("modalities", info.modalities)
                                 .set("class_names", info.class_names)
                                 .set("views", std::move(kinds))
                                 .set("notes", entry.notes)
                                 .set("manual", entry.manual);
  std::cout << content.dump(2) << "\n";
}

void print_text(const host::PluginEntry& entry, const sdk::DatasetInfo& info,
                const std::vector<Count>& counts) {
  std::cout << info.id << ": " << info.title << "\n";
  std::vector<std::pair<std::string, std::string>> fields{{"summary", entry.summary},
                                                          {"reference", info.reference},
                                                          {"modalities", base::join(info.modalities, ", ")}};
  for (const auto& views : counts) {
    fields.emplace_back(sdk::word_of(views.kind), std::to_string(views.scenes) + " scenes, " +
                                                      std::to_string(views.samples) + " samples");
  }
  for (const auto& [modality, names] : info.class_names) {
    fields.emplace_back(modality, std::to_string(names.size()) + " classes: " + base::join(names, ", "));
  }
  fields.emplace_back("version", entry.version + ", licence " + entry.licence);
  fields.emplace_back("file", entry.path.string());
  fields.emplace_back("note", base::join(entry.notes, "; "));
  print_fields(fields);
}

}  // namespace

base::ExitCode show_task(const Values& values) {
  const bool json = values.format() == "json";
  const std::string id = values.text("ID");
  const recipe::Recipe recipe = recipe_of(values, host::is_id(id) ? id : "none", "any");
  host::PluginRegistry registry(host::search_options(values.list("plugin-dir"), &recipe));
  const host::PluginEntry& entry = registry.find(host::Kind::task, id);
  warn_of_refused(registry);
  if (!json) print_manual(entry);
  sdk::DatasetInfo dataset = host::any_dataset();
  if (recipe.data.dataset != dataset.id) {
    dataset =
        registry.open_dataset(recipe.data.dataset, recipe.data.params, recipe.data.side, recipe.seed)->info();
  }
  recipe::Table params;
  for (const auto& task : recipe.tasks) {
    if (task.id == id) params = task.params;
  }
  sdk::TaskInfo info;
  bool drawn = false;
  host::unpack(registry.ask_task(id, params, dataset, recipe.data.side,
                                 [](const sdk::Task& task) { return host::pack(task.info(), draws(task)); }),
               info, drawn);
  if (json) {
    print_json(entry, info, dataset.id, recipe.data.side);
  } else {
    print_text(entry, info, drawn, dataset.id, recipe.data.side);
  }
  host::require_modalities(info, dataset);
  return base::ExitCode::done;
}

base::ExitCode list_tasks(const Values& values) { return list_plugins(host::Kind::task, values); }

base::ExitCode show_dataset(const Values& values) {
  const bool json = values.format() == "json";
  const std::string id = values.text("ID");
  const recipe::Recipe recipe = recipe_of(values, "any", host::is_id(id) ? id : "none");
  host::PluginRegistry registry(host::search_options(values.list("plugin-dir"), &recipe));
  const host::PluginEntry& entry = registry.find(host::Kind::dataset, id);
  warn_of_refused(registry);
  if (recipe.data.dataset != id) {
    throw base::Error(values.text("recipe") + ": its dataset is \"" + recipe.data.dataset + "\", not \"" +
                      id + "\"");
  }
  if (!json) print_manual(entry);
  const auto dataset = registry.open_dataset(id, recipe.data.params, recipe.data.side, recipe.seed);
  const auto counts = count(*dataset);
  if (json) {
    print_json(entry, dataset->info(), counts);
  } else {
    print_text(entry, dataset->info(), counts);
  }
  return base::ExitCode::done;
}

base::ExitCode list_datasets(const Values& values) { return list_plugins(host::Kind::dataset, values); }

}  // namespace taskonomy::cli
