// taskonomy datasets list, datasets show: which datasets there are, and what one of them offers.
#include <iostream>

#include "apps/taskonomy/commands.hpp"
#include "apps/taskonomy/plugin_listing.hpp"
#include "core/base/json.hpp"
#include "core/base/text.hpp"
#include "core/host/boundary.hpp"
#include "core/host/requirements.hpp"

namespace taskonomy::cli {

namespace {

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
  const base::Json content = base::Json::object()
                                 .set("id", info.id)
                                 .set("title", info.title)
                                 .set("summary", entry.summary)
                                 .set("version", entry.version)
                                 .set("licence", entry.licence)
                                 .set("file", entry.path.string())
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
  const auto dataset = registry.create_dataset(id, recipe.data.params, recipe.data.side, recipe.seed);
  const auto counts = count(*dataset);
  if (json) {
    print_json(entry, dataset->info(), counts);
  } else {
    print_text(entry, dataset->info(), counts);
  }
  return base::ExitCode::done;
}

base::ExitCode list_datasets(const Values& values) { return list_plugins(host::Kind::dataset, values); }

}  // namespace

Command datasets_list_command() { return list_command(host::Kind::dataset, list_datasets); }

Command datasets_show_command() {
  return {.name = "show",
          .summary = "the manual page of one dataset, and what it offers",
          .arguments = {{"ID"}},
          .about = R"(Prints a dataset's manual page, then loads the dataset and prints what it
offers: modalities, kinds of views, classes, scenes and samples.)",
          .examples = R"(taskonomy datasets show scenes
taskonomy datasets show taskonomy --set data.root=/data/nyuv2)",
          .options = show_options(),
          .run = show_dataset};
}

}  // namespace taskonomy::cli
