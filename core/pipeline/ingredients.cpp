#include "core/pipeline/ingredients.hpp"

#include <set>
#include <utility>

#include "core/host/library.hpp"

namespace taskonomy::pipeline {

namespace {

/// The entries of a table that are paths, or those that are none.
recipe::Table entries_of(const recipe::Table& params, bool paths) {
  recipe::Table some;
  for (const auto& [key, value] : params)
    if (recipe::is_path_key(key) == paths) some.emplace(key, value);
  return some;
}

std::set<std::string> scenes_of(const std::vector<data::SampleKey>& keys) {
  std::set<std::string> scenes;
  for (const auto& key : keys) scenes.insert(key.scene);
  return scenes;
}

/// The files that decide which views make a sample. Only the data set knows which ones do (poses, depth,
/// lists of matches), so all that it offers count. Nothing for single views, and where the data set does
/// not tell.
base::Ingredients pairing_files_of(const Setup& setup, sdk::ViewKind kind,
                                   const std::vector<data::SampleKey>& keys) {
  if (kind == sdk::ViewKind::single) return {};
  const auto& modalities = setup.dataset().info().modalities;
  std::set<std::string> offered{"match"};
  offered.insert(modalities.begin(), modalities.end());
  return files_of(setup, keys, {offered.begin(), offered.end()});
}

}  // namespace

base::Ingredients code_of(Stage stage, const network::Hardware& hardware) {
  const StageRow& row = row_of(stage);
  base::Ingredients code;
  code.add("version of stage " + row.name, row.version);
  if (row.made_by == MadeBy::numbers) return code;
  code.add("LibTorch", host::torch_version()).add("SDK library", host::sdk_fingerprint());
  if (row.made_by == MadeBy::tensors) return code;
  code.add("device", hardware.device.is_cuda() ? "cuda" : "cpu");
  code.add("precision", hardware.bfloat16 ? "bfloat16" : "float32");
  if (hardware.fast) code.add("fast", true);
  return code;
}

base::Ingredients ingredients_of(const recipe::Data& data, const recipe::Split& split) {
  const auto& [dataset, side, params, where] = data;
  const auto& [unit, train, transfer, test, validation] = split;
  static_cast<void>(where);  // for messages
  base::Ingredients all;
  all.add("data.dataset", dataset)
      .add("data.side", side)
      .add("data.parameters", base::Literal{recipe::canonical(entries_of(params, /*paths=*/false))});
  all.add("split.unit", unit)
      .add("split.train", train)
      .add("split.transfer", transfer)
      .add("split.test", test);
  return all.add("split.validation", validation);
}

std::string paths_of(const recipe::Data& data) {
  return recipe::canonical(entries_of(data.params, /*paths=*/true));
}

base::Ingredients ingredients_of(const recipe::TaskEntry& task) {
  const auto& [id, params, where] = task;
  static_cast<void>(where);  // for messages
  base::Ingredients all;
  return all.add("task." + id, base::Literal{recipe::canonical(params)});
}

base::Ingredients ingredients_of(const recipe::Network& network) {
  const auto& [encoder, width, channels, decoder] = network;
  base::Ingredients all;
  all.add("encoder.name", encoder).add("encoder.width", width).add("encoder.channels", channels);
  return all.add("decoder.name", decoder);
}

base::Ingredients ingredients_of(const recipe::Training& training) {
  const auto& [steps, batch, learning_rate, schedule, step_at, weight_decay, gradient_clip, first_layer_rate,
               augment] = training;
  base::Ingredients all;
  all.add("steps", steps).add("batch", batch).add("learning_rate", learning_rate).add("schedule", schedule);
  all.add("step_at", step_at).add("weight_decay", weight_decay).add("gradient_clip", gradient_clip);
  // Keys that came later count where they are set, so that they left alone what was there.
  if (first_layer_rate != 1.0) all.add("first_layer_rate", first_layer_rate);
  // Before, bfloat16 rounded what augmentation made of the colours.
  if (augment != "none") all.add("augment", augment).add("colours of augmentation", "float32");
  return all;
}

base::Ingredients ingredients_of(const recipe::Pretrained& source) {
  const auto& [id, file, architecture, method, output, side, range, mean, deviation, label_cost, where] =
      source;
  static_cast<void>(id);          // the job's name has it
  static_cast<void>(file);        // its content counts
  static_cast<void>(label_cost);  // only step IV asks for it
  static_cast<void>(where);       // for messages
  base::Ingredients all;
  all.add("architecture", architecture).add("method", method).add("output", output).add("side", side);
  return all.add("range", range).add("mean", mean).add("std", deviation);
}

base::Ingredients ingredients_of(const recipe::Finish& finish) {
  const auto& [steps, learning_rate, tune, tune_rate] = finish;
  static_cast<void>(steps);  // finish_training() has both
  static_cast<void>(learning_rate);
  base::Ingredients all;
  all.add("tune", tune);
  if (tune) all.add("tune_rate", tune_rate);
  return all;
}

base::Ingredients ingredients_of(const recipe::Taxonomy& taxonomy) {
  const auto& [budgets, importance, costs, unit, cost] = taxonomy;
  base::Ingredients all;
  all.add("budgets", budgets).add("importance", importance);
  return all.add("costs", costs).add("unit", unit).add("cost", cost);
}

std::string fingerprint_of(const std::vector<data::SampleKey>& keys) {
  base::Ingredients all;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto& [scene, index, split] = keys[i];
    all.add(std::to_string(i), std::vector<std::string>{scene, std::to_string(index), data::name_of(split)});
  }
  return all.fingerprint();
}

base::Ingredients files_of(const Setup& setup, const std::vector<data::SampleKey>& keys,
                           const std::vector<std::string>& modalities) {
  const auto scenes = scenes_of(keys);
  base::Ingredients files;
  for (const auto& modality : modalities)
    if (const auto state = setup.files_fingerprint(scenes, modality); !state.empty())
      files.add(modality, state);
  return files;
}

base::Ingredients class_names_of(const Setup& setup, const std::vector<std::string>& modalities) {
  const auto& known = setup.dataset().info().class_names;
  base::Ingredients names;
  for (const auto& modality : modalities)
    if (const auto found = known.find(modality); found != known.end()) names.add(modality, found->second);
  return names;
}

base::Ingredients with_content(base::Ingredients made_from, const Setup& setup, sdk::ViewKind kind,
                               const std::vector<data::SampleKey>& keys) {
  const auto& recipe = setup.recipe();
  made_from
      .add("plugin of data set " + recipe.data.dataset,
           setup.plugin_fingerprint(host::Kind::dataset, recipe.data.dataset))
      .add(kFromRecipe, ingredients_of(recipe.data, recipe.split))
      .add(kSamplesAndSplits, fingerprint_of(keys));
  const std::string paths = paths_of(recipe.data);
  if (!paths.empty() && setup.files_fingerprint(scenes_of(keys), "rgb").empty())
    made_from.add(kDataPaths, paths);
  if (const auto files = pairing_files_of(setup, kind, keys); files != base::Ingredients())
    made_from.add(kPairingFiles, files.fingerprint());
  return made_from;
}

bool needs_consent(Stage stage, const base::IngredientChange& change) {
  if (change.name.starts_with(kFromRecipe + ".")) return false;
  if (change.before && change.now) return !change.name.starts_with(kFromTasks + ".");
  return stage != Stage::samples || !change.name.starts_with(kFiles + ".");
}

}  // namespace taskonomy::pipeline
