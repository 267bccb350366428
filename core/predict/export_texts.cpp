#include "core/predict/export_texts.hpp"

#include <caffe2/serialize/inline_container.h>

#include <memory>

#include "core/base/error.hpp"
#include "core/base/json.hpp"
#include "core/host/dataset_record.hpp"
#include "core/host/library.hpp"

namespace taskonomy::predict {

namespace {

constexpr const char* kTaxonomy = "taxonomy.json";
constexpr const char* kTargets = "targets.json";
constexpr const char* kAbout = "about.json";
constexpr const char* kRecipe = "recipe.toml";
constexpr const char* kDataset = "dataset.json";

/// The part of a run's recipe that its targets' tasks are made by.
recipe::Recipe recipe_of_targets(const recipe::Recipe& whole, const std::vector<Service>& services) {
  recipe::Recipe part;
  part.name = whole.name;
  part.seed = whole.seed;
  part.data = whole.data;
  std::erase_if(part.data.params, [](const auto& param) { return recipe::is_path_key(param.first); });
  for (const auto& service : services)
    for (const auto& entry : whole.tasks)
      if (entry.id == service.target) part.tasks.push_back(entry);
  return part;
}

base::Json json_of_target(const sdk::Task& task, const sdk::DatasetInfo& dataset) {
  const auto& info = task.info();
  base::Json told = base::Json::object()
                        .set("title", info.title)
                        .set("views", sdk::word_of(info.view_kind))
                        .set("shape", info.prediction.shape)
                        .set("low", info.prediction.low)
                        .set("high", info.prediction.high);
  for (const auto& modality : info.modalities)
    if (const auto names = dataset.class_names.find(modality); names != dataset.class_names.end())
      told.set("classes", names->second);
  if (const auto constants = data::whitening_of(task))
    told.set("mean", constants->mean).set("deviation", constants->deviation);
  return told;
}

/// A text of a TorchScript file.
std::string text_in(caffe2::serialize::PyTorchStreamReader& file, const std::string& name) {
  const auto [bytes, size] = file.getRecord("extra/" + name);
  return {static_cast<const char*>(bytes.get()), size};
}

std::unique_ptr<caffe2::serialize::PyTorchStreamReader> open(const std::filesystem::path& file) {
  try {
    return std::make_unique<caffe2::serialize::PyTorchStreamReader>(file.string());
  } catch (const std::exception&) {
    throw base::Error("not a file of taskonomy export, or damaged");
  }
}

void require_format(caffe2::serialize::PyTorchStreamReader& file) {
  if (!file.hasRecord(std::string("extra/") + kAbout))
    throw base::Error("a TorchScript file, but not one of taskonomy export");
  const auto about = base::parse_json(text_in(file, kAbout));
  if (const auto format = about.at("format").integer(); format != kExportFormat)
    throw base::Error("written by " + about.at("made_by").text() + " in format " + std::to_string(format) +
                      ", and this program reads format " + std::to_string(kExportFormat) +
                      ": export it again from its run, with this program");
}

ExportedTarget target_in(const base::JsonReader& told, Service service) {
  ExportedTarget target{std::move(service), told.at("shape").as<std::vector<std::int64_t>>(), {}};
  if (told.has("mean"))
    target.whitening = {told.at("mean").as<std::vector<double>>(),
                        told.at("deviation").as<std::vector<double>>()};
  return target;
}

}  // namespace

std::map<std::string, std::string> export_texts(const pipeline::Setup& setup, const Predictor& networks,
                                                const std::string& made_by) {
  const auto& recipe = setup.recipe();
  base::Json taxonomy = base::Json::object(), targets = base::Json::object();
  std::vector<Service> exported;
  for (const auto& service : networks.services()) {
    const auto& task = networks.task(service.target);
    if (!sees_plain_images(task.info(), recipe.data.side)) continue;
    taxonomy.set(service.target, service.sources);
    targets.set(service.target, json_of_target(task, setup.dataset().info()));
    exported.push_back(service);
  }
  const auto about = base::Json::object()
                         .set("format", kExportFormat)
                         .set("made_by", made_by)
                         .set("libtorch", host::torch_version())
                         .set("side", recipe.data.side)
                         .set("seed", recipe.seed)
                         .set("encoder", recipe.network.encoder);
  return {{kTaxonomy, taxonomy.dump(2)},
          {kTargets, targets.dump(2)},
          {kAbout, about.dump(2)},
          {kRecipe, recipe::to_toml(recipe_of_targets(recipe, exported))},
          {kDataset, host::json_of(setup.dataset().info()).dump(2)}};
}

ExportedTexts read_export_texts(const std::filesystem::path& path) {
  return base::with_context(path.string(), [&] {
    const auto file = open(path);
    require_format(*file);
    try {
      ExportedTexts texts{recipe::parse_recipe(text_in(*file, kRecipe), path.string()),
                          host::dataset_info_of(base::parse_json(text_in(*file, kDataset))),
                          {}};
      const auto taxonomy = base::parse_json(text_in(*file, kTaxonomy));
      const auto targets = base::parse_json(text_in(*file, kTargets));
      for (const auto& [target, sources] : taxonomy.members())
        texts.targets.push_back(
            target_in(targets.at(target), {target, sources.template as<std::vector<std::string>>()}));
      return texts;
    } catch (const c10::Error&) {
      throw base::Error("damaged: a text that taskonomy export wrote is not there; export it again");
    }
  });
}

}  // namespace taskonomy::predict
